"""What served its time is deleted: sessions that ended, and keys of forms sent long ago."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.models import Sending, SignInSession

SENDINGS_KEPT: Final = timedelta(days=30)


def do_forget_expired() -> int:
    """Delete them, done by the system itself; return how many rows went."""
    now = timezone.now()
    with transaction.atomic():
        sessions, _ = SignInSession.objects.filter(expires_at__lte=now).delete()
        sendings, _ = Sending.objects.filter(sent_at__lte=now - SENDINGS_KEPT).delete()
    return sessions + sendings
