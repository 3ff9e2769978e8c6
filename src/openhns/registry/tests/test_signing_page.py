"""The second signature through its page: by another person, of what that person was shown."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from openhns.mechanism.models import Person
from openhns.registry.actions import do_amend, do_decide, do_give_consent, do_sign
from openhns.registry.models import Decision, Signature, Version
from openhns.registry.models.consent import Grade
from openhns.registry.tests.building import clinic, submit
from openhns.testing_world import World, make_member, make_organisation, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world("two-person")


def _url(world: World) -> str:
    return reverse("registry-signing", args=[world.mechanism.slug, world.organisation.id])


def _page(world: World, person: Person) -> str:
    return str(visitor(person).get(_url(world)).content.decode())


def _post(world: World, person: Person, **data: Any) -> str:
    answer = visitor(person).post(_url(world), data, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_what_waits_is_shown_beside_what_stood_before_and_signed(world: World) -> None:
    version = submit(world, clinic(function="Births")).version
    assert "waits for a colleague" in _page(world, world.alice)
    page = _page(world, world.second_approver)
    assert "Aljanabandia clinic 1" in page
    assert "1 version signed." in _post(world, world.second_approver, sign=str(version.id))
    assert Signature.objects.get().person == world.second_approver

    for operator in (world.bob, world.second_operator):
        do_decide(version, Decision.Word.CLEAR, "Known.", acting_user=operator)
    do_amend(version.listing, {"function": "Surgery"}, acting_user=world.alice)
    page = _page(world, world.second_approver)
    for words in ("What changes", "Births", "Surgery"):
        assert words in page
    assert "Aljanabandia clinic 1</span>" not in page.split("What changes")[1].split("</table>")[0]


def test_whoever_signs_sees_which_parties_may_be_told(world: World) -> None:
    version = submit(world, clinic()).version
    assert "No party: nobody is told of it" in _page(world, world.second_approver)
    do_give_consent(
        [version.listing],
        {world.parties[0]: Grade.EXACT},
        organisation=world.organisation,
        acting_user=world.alice,
    )
    page = _page(world, world.second_approver).split("Who may be told")[1]
    assert "Party A" in page
    assert "Exact place" in page
    assert "Party B" not in page


def test_all_that_are_shown_are_signed_and_none_besides(world: World) -> None:
    shown = [submit(world, clinic(number)).version for number in (1, 2)]
    later = submit(world, clinic(3)).version
    ids = [str(version.id) for version in shown]
    assert "2 versions signed." in _post(world, world.second_approver, shown=ids)
    assert not later.signatures.exists()
    assert "Nothing was signed." in _post(world, world.second_approver)


def test_the_submitter_cannot_sign(world: World) -> None:
    version = submit(world, clinic()).version
    page = _post(world, world.alice, sign=str(version.id))
    assert "nobody signs or decides on what they submitted" in page
    assert "Nothing was signed." in _post(world, world.alice, shown=[str(version.id)])
    assert not Signature.objects.exists()


def test_the_list_of_sites_leads_to_what_waits_for_the_readers_signature(world: World) -> None:
    version = submit(world, clinic()).version
    args = [world.mechanism.slug, world.organisation.id]
    sites = reverse("notices-my-sites", args=args)
    page = visitor(world.second_approver).get(sites).content.decode()
    assert "Waits for your second signature" in page
    assert "1 waits for your signature" in page
    page = visitor(world.alice).get(sites).content.decode()
    assert "Waits for a second signature by a colleague" in page
    do_sign(version, acting_user=world.second_approver)
    assert "With the operator" in visitor(world.alice).get(sites).content.decode()


def test_strangers_neither_see_nor_sign_what_waits(world: World) -> None:
    version = submit(world, clinic()).version
    other = make_organisation(world.mechanism, "Another", world.bob, world.second_operator)
    stranger = make_member(other, "Somebody else", world.administrator)
    for person in (stranger, world.outsider, world.bob):
        client = visitor(person)
        assert client.get(_url(world)).status_code == 404
        assert client.post(_url(world), {"sign": str(version.id)}).status_code == 404
    own = reverse("registry-signing", args=[world.mechanism.slug, other.id])
    visitor(stranger).post(own, {"sign": str(version.id), "shown": [str(version.id), "x"]})
    assert not Signature.objects.exists()
    assert Version.objects.count() == 1
