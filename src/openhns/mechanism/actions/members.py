"""The first people of an organisation: entered with their roles in one act."""

from collections.abc import Sequence

from django.db import transaction

from openhns.mechanism.access import vetted_organisation
from openhns.mechanism.actions.persons import do_add_person, do_grant_role, role_needs_second
from openhns.mechanism.actions.proposals import do_propose_role
from openhns.mechanism.errors import RoleInvalid
from openhns.mechanism.models import Organisation, Person, Role
from openhns.mechanism.people import ORGANISATION_ROLES


def do_enter_member(
    organisation: Organisation,
    name: str,
    roles: Sequence[Role.Name | str],
    *,
    email: str | None = None,
    phone: str | None = None,
    why: str = "",
    acting_user: Person,
) -> Person:
    """Enter a person and give them roles in a vetted organisation.

    Where the policy asks for two, the roles are asked for instead, with the reason. Raise
    OrganisationNotVetted, and what entering a person and giving a role raise.
    """
    with transaction.atomic():
        vetted = vetted_organisation(organisation)
        mechanism = vetted.mechanism
        person = do_add_person(name, email, phone, mechanism=mechanism, acting_user=acting_user)
        for role in roles:
            if role not in ORGANISATION_ROLES:
                raise RoleInvalid("An organisation's people are its reporters and approvers.")
            if role_needs_second(mechanism, role):
                do_propose_role(
                    person, role, vetted, None, why, mechanism=mechanism, acting_user=acting_user
                )
            else:
                do_grant_role(person, mechanism, role, vetted, acting_user=acting_user)
    return person
