"""Who one is, for programs."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from openhns.mechanism.calls import PROBLEMS, caller_of, open_to
from openhns.mechanism.visits import EVERYBODY

router = Router(tags=["who"])


class Me(Schema):
    """The one role that the token stands for."""

    mechanism: str
    handle: str
    role: str
    organisation: UUID | None
    party: UUID | None


@router.get("/me", response={200: Me, **PROBLEMS}, summary="Who the token stands for")
@open_to(*EVERYBODY)
def me(request: HttpRequest) -> Me:
    caller = caller_of(request)
    return Me(
        mechanism=caller.mechanism.slug,
        handle=caller.person.handle,
        role=caller.role.name,
        organisation=caller.role.organisation_id,
        party=caller.role.party_id,
    )
