"""Reply to a party's query; the party is shown the reply beside its notice."""

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import require_any_role
from openhns.mechanism.models import Person
from openhns.mechanism.people import OPERATOR_ROLES
from openhns.notices.errors import QueryReplied
from openhns.notices.events import NoticesEvent
from openhns.notices.models import Receipt, Reply
from openhns.notices.questions import require_reply
from openhns.record.rows import timestamp
from openhns.record.writing import NewEvent, find_log, write_event


def do_reply(query: Receipt, words: str, *, acting_user: Person) -> Reply:
    """Record the operator's reply to a query, which then waits no longer.

    The same reply by the same person again is the first. Raises QueryReplied, TextMissing,
    TextHasControls, NotAllowed.
    """
    mechanism = query.notice.party.mechanism
    actor = require_any_role(acting_user, mechanism, sorted(OPERATOR_ROLES))
    content = {"words": require_reply(words), "by": acting_user.handle}
    with transaction.atomic():
        Receipt.objects.select_for_update(of=("self",)).get(id=query.id)
        known = Reply.objects.filter(receipt=query).first()
        if known is not None:
            if known.content == content:
                return known
            raise QueryReplied("That query was replied to before; the reply stands.")
        reply = Reply(scope=query.scope, receipt=query, replied_at=timezone.now())
        reply.seal_content(content)
        reply.save(force_insert=True)
        write_event(find_log(query.scope), _replied(reply, actor))
    return reply


def _replied(reply: Reply, actor: str) -> NewEvent:
    query = reply.receipt
    body = {
        "notice": str(query.notice_id),
        "number": query.notice.number,
        "receipt": str(query.id),
        "replied_at": timestamp(reply.replied_at),
    }
    return NewEvent(
        NoticesEvent.QUERY_REPLIED,
        "reply",
        reply.id,
        body,
        audience=query.notice.party_id,
        rows=[reply],
        actor=actor,
    )
