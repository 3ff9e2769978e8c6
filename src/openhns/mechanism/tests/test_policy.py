from dataclasses import replace

import pytest

from openhns.mechanism.errors import PolicyInvalid
from openhns.mechanism.policy import ONE_PERSON, TWO_PERSON, Policy, named_policy


@pytest.mark.parametrize("policy", [ONE_PERSON, TWO_PERSON])
def test_a_policy_is_read_back_as_it_was_written(policy: Policy) -> None:
    assert Policy.from_json(policy.to_json()) == policy
    assert named_policy(policy.name) is policy


def test_one_person_suffices_only_where_nothing_asks_for_two() -> None:
    assert ONE_PERSON.one_person_suffices
    assert not TWO_PERSON.one_person_suffices
    assert not replace(ONE_PERSON, second_signature=True).one_person_suffices
    assert ONE_PERSON.is_weaker_than(TWO_PERSON)
    assert not TWO_PERSON.is_weaker_than(ONE_PERSON)


@pytest.mark.parametrize(
    "wrong",
    [
        {"persons_to_clear": 0},
        {"persons_to_vet": 3},
        {"tick_seconds": 0},
        {"smallest_tick": 6},
        {"lead_time_hours": 1.5},
        {"match_buffer_m": True},
        {"second_signature": 1},
    ],
)
def test_a_figure_out_of_its_range_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(PolicyInvalid):
        Policy.from_json(ONE_PERSON.to_json() | wrong)


def test_a_missing_or_unknown_figure_is_refused() -> None:
    figures = ONE_PERSON.to_json()
    with pytest.raises(PolicyInvalid):
        Policy.from_json(figures | {"persons_to_smile": 1})
    figures.pop("nearby_m")
    with pytest.raises(PolicyInvalid):
        Policy.from_json(figures)
    with pytest.raises(PolicyInvalid, match="one-person, two-person"):
        named_policy("no-person")


def test_a_policy_from_before_a_figure_existed_holds_with_its_default() -> None:
    figures = ONE_PERSON.to_json()
    del figures["relay_hours"], figures["publication_lag_days"]
    assert Policy.from_json(figures) == ONE_PERSON
