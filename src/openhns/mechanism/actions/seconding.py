"""Where the policy asks for two persons, nobody weakens it alone."""

from openhns.mechanism.access import has_role
from openhns.mechanism.errors import SecondPersonNeeded
from openhns.mechanism.models import Mechanism, Person, Role


def require_second(mechanism: Mechanism, first: Person, second: Person | None, deed: str) -> None:
    """Raise SecondPersonNeeded unless a second administrator, another person, stands by it."""
    if second is None or second.pk == first.pk:
        raise SecondPersonNeeded(
            f"This policy lets no administrator {deed} alone: name a second one (--seconded-by)."
        )
    if not has_role(second, mechanism, Role.Name.ADMINISTRATOR):
        raise SecondPersonNeeded("The second person does not hold the role administrator.")
