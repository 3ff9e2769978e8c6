"""Signs people in to an installation: `python -m benchmarks.people NUMBER` prints their sessions.

They are reporters, duty officers, liaisons and auditors in turn. A session begins behind the
second factor: what is measured are pages, not half a minute of typing.
"""

import json
import os
import sys
from itertools import cycle, islice
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from openhns.mechanism.models import Person

ROLES = ("reporter", "operator", "liaison", "auditor")


def main(number: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "openhns.project.settings"
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - Django is set up first.

    from openhns.testing_world import visitor  # noqa: PLC0415 - as above.

    found: list[dict[str, str]] = []
    for role in islice(cycle(ROLES), number):
        session = visitor(_person(role, f"Person {len(found)}")).cookies
        cookie = session[settings.SESSION_COOKIE_NAME].value
        found.append({"role": role, "cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})
    print(json.dumps(found))


def _person(role: str, name: str) -> "Person":
    from openhns.mechanism.actions import do_add_person, do_grant_role  # noqa: PLC0415 - as above.
    from openhns.mechanism.models import Mechanism, Organisation  # noqa: PLC0415 - as above.
    from openhns.mechanism.people import OPERATOR_ROLES, local_administrator  # noqa: PLC0415
    from openhns.parties.models import Party  # noqa: PLC0415 - as above.
    from openhns.testing_world import make_liaison, make_member  # noqa: PLC0415 - as above.

    root, mechanism = local_administrator(), Mechanism.objects.get()
    if role == "reporter":
        return make_member(Organisation.objects.get(), name, root)
    if role == "liaison":
        return make_liaison(Party.objects.order_by("joined_at")[0], root, name)
    person = do_add_person(name, mechanism=mechanism, acting_user=root)
    for each in sorted(OPERATOR_ROLES) if role == "operator" else ["auditor"]:
        do_grant_role(person, mechanism, each, acting_user=root)
    return person


if __name__ == "__main__":
    main(int(sys.argv[1]))
