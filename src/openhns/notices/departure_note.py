"""The note to every organisation when a party leaves. It says what changes, and what does not."""

from datetime import UTC, datetime
from typing import Final

from openhns.parties.models import Party

# What is written left to right stays so within Arabic (Unicode TR 9).
_LEFT: Final = "\N{LEFT-TO-RIGHT ISOLATE}"
_OWN: Final = "\N{FIRST STRONG ISOLATE}"
_END: Final = "\N{POP DIRECTIONAL ISOLATE}"


def departure_note(party: Party, effective_at: datetime) -> dict[str, str]:
    """Return the note by language: en, fr, ar."""
    name = party.name
    moment = effective_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return {
        "en": (
            f"{name} has stated that it takes no part in the notification system from {moment}. "
            "What it was told before, it still holds, and it cannot be recalled. Nothing new is "
            "sent to it from then on; your consents to it are suspended. Its obligations under "
            "international humanitarian law stand unchanged. Please look at your movements that "
            "are under way or planned, and tell us what you wish to change."
        ),
        "fr": (
            f"{name} a déclaré ne plus participer au système de notification à partir du {moment}. "
            "Ce qui lui a été communiqué auparavant, elle le détient toujours et ne peut être "
            "rappelé. Rien de nouveau ne lui sera envoyé à partir de cette date ; vos "
            "consentements à son égard sont suspendus. Ses obligations en vertu du droit "
            "international humanitaire restent inchangées. Veuillez revoir vos mouvements en "
            "cours ou prévus et nous dire ce que vous souhaitez modifier."
        ),
        "ar": (
            f"أعلن الطرف «{_OWN}{name}{_END}» أنه لم يعد يشارك في نظام الإخطار "
            f"اعتبارًا من {_LEFT}{moment}{_END}. "
            "وما أُبلغ به سابقًا يبقى لديه ولا يمكن استرجاعه. ولن يُرسل إليه أي جديد بعد ذلك، "
            "وقد عُلّقت موافقاتكم الخاصة به. وتبقى التزاماته بموجب القانون الدولي الإنساني كما "
            "هي دون تغيير. يرجى مراجعة تحركاتكم الجارية أو المقررة وإبلاغنا بما تودون تغييره."
        ),
    }
