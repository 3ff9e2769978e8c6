"""The policy of a mechanism: how many persons, how long, how near."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Self

from openhns.mechanism.errors import PolicyInvalid
from openhns.mechanism.models import Mechanism

# Of each figure: the least and the greatest that a policy may state.
RANGES: Final = {
    "persons_to_clear": (1, 2),
    "persons_to_vet": (1, 2),
    "lead_time_hours": (0, 720),
    "emergency_lead_time_hours": (0, 720),
    "revalidation_days": (1, 3_650),
    "match_buffer_m": (0, 100_000),
    "tick_seconds": (1, 3_600),
    "smallest_tick": (1, 1_024),
    "proof_wait_seconds": (0, 3_600),
    "nearby_m": (0, 100_000),
    "repeated_point": (2, 1_000_000),
    "relay_hours": (1, 720),
    "publication_lag_days": (7, 365),
}
# Figures that came later: a policy which was stored before says nothing of them.
_LATER: Final = frozenset({"relay_hours", "publication_lag_days"})
_WEIGHT: Final = ("persons_to_clear", "persons_to_vet", "second_signature")


@dataclass(frozen=True, slots=True)
class Policy:
    """The figures a mechanism works by; each stands in the unit that its name ends in.

    `smallest_tick` is a number of log entries; `repeated_point` is how many rows may share one
    position before a check warns of it; `proof_wait_seconds` is how long a routine notice waits
    for its proof; a party told after more than `relay_hours` was told late; what is published
    counts the state of `publication_lag_days` before.
    """

    name: str
    persons_to_clear: int
    persons_to_vet: int
    second_signature: bool
    lead_time_hours: int = 48
    emergency_lead_time_hours: int = 24
    revalidation_days: int = 180
    match_buffer_m: int = 200
    tick_seconds: int = 60
    smallest_tick: int = 8
    proof_wait_seconds: int = 30
    nearby_m: int = 500
    repeated_point: int = 3
    relay_hours: int = 24
    publication_lag_days: int = 30

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not isinstance(self.second_signature, bool):
            raise PolicyInvalid("A policy has a name, and second_signature is true or false.")
        for name, (least, greatest) in RANGES.items():
            _check_figure(name, getattr(self, name), least, greatest)
        if self.smallest_tick & (self.smallest_tick - 1):
            raise PolicyInvalid("smallest_tick must be a power of two.")

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; raise PolicyInvalid for a missing or unknown figure."""
        if set(value) | _LATER != {item.name for item in fields(cls)}:
            raise PolicyInvalid("The stored policy lacks a figure or has one too many.")
        return cls(**value)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def one_person_suffices(self) -> bool:
        """Whether one person may clear, vet, and act on behalf of an organisation."""
        return self.persons_to_clear == self.persons_to_vet == 1 and not self.second_signature

    def is_weaker_than(self, other: "Policy") -> bool:
        """Whether this policy asks for fewer persons than the other anywhere."""
        return any(getattr(self, name) < getattr(other, name) for name in _WEIGHT)


def _check_figure(name: str, figure: Any, least: int, greatest: int) -> None:
    if type(figure) is not int or not least <= figure <= greatest:
        raise PolicyInvalid(f"{name} must be a whole number from {least} to {greatest}.")


ONE_PERSON: Final = Policy("one-person", 1, 1, second_signature=False)
TWO_PERSON: Final = replace(
    ONE_PERSON, name="two-person", persons_to_clear=2, persons_to_vet=2, second_signature=True
)
NAMED: Final[Mapping[str, Policy]] = {policy.name: policy for policy in (ONE_PERSON, TWO_PERSON)}


def named_policy(name: str) -> Policy:
    """Return the policy of that name; raise PolicyInvalid with the names there are."""
    if name not in NAMED:
        raise PolicyInvalid(f"There is no policy of that name; there are {', '.join(NAMED)}.")
    return NAMED[name]


def policy_of(mechanism: Mechanism) -> Policy:
    """Return the policy that holds in a mechanism now."""
    return Policy.from_json(mechanism.policy)
