"""Mechanism, organisation, person, role and note; sessions, invitations and tokens."""

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar
from uuid import UUID, uuid4

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.crypto import salted_hmac

from openhns.record.fixed_sql import rows_by_sql
from openhns.record.models import AuditedRow
from openhns.vault.models import SealedRow

_NOBODY = UUID(int=0)
_OPEN_ROLES = """
    SELECT * FROM mechanism_role WHERE person_id = %s AND ended_at IS NULL ORDER BY granted_at, id
"""
_THEIR_MECHANISMS = """
    SELECT * FROM mechanism_mechanism
    WHERE id IN (SELECT mechanism_id FROM mechanism_role WHERE person_id = %s AND ended_at IS NULL)
"""
_THEIR_ORGANISATIONS = """
    SELECT * FROM mechanism_organisation
    WHERE id IN (SELECT organisation_id FROM mechanism_role
                 WHERE person_id = %s AND ended_at IS NULL)
"""


class Mechanism(AuditedRow):
    """One notification system under one policy; its id is its log's and its keys' scope.

    `countries` are ISO 3166-1 alpha-3 codes; none means that a row's own country is checked.
    `policy` is what `policy.Policy` reads and writes; `languages` order the legal text;
    `notice_kid` is the thumbprint of the key that signs notices.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    slug = models.SlugField(unique=True)
    countries = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    policy = models.JSONField(default=dict)
    notice_kid = models.CharField(max_length=43)
    created_at = models.DateTimeField()


class Organisation(AuditedRow, SealedRow):
    """An aid organisation; its content holds `name`, `aliases`, `contact`, `suspended_because`.

    `application` counts how often it applied: after a refusal or suspension it may apply again.
    """

    class Status(models.TextChoices):
        APPLIED = "applied"
        VETTED = "vetted"
        REFUSED = "refused"
        SUSPENDED = "suspended"

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    name_hash = models.BinaryField(max_length=32)
    status = models.CharField(max_length=12, choices=Status, default=Status.APPLIED)
    application = models.PositiveIntegerField(default=1)
    applied_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mechanism", "name_hash"], name="organisation_once")
        ]


class Person(AbstractBaseUser, AuditedRow, SealedRow):
    """A person with an account; content: `name`, `email`, `phone`. Scope: the installation.

    `handle` is a random pseudonym, and the only name that stands in events. Signing in moves
    `last_login`, and a new password `password`, without an event: that column tells one password
    from the next and holds nothing of either, whose hash is sealed in `PasswordHash`.
    """

    SEALED_PASSWORD: ClassVar[str] = "sealed$"  # noqa: S105 - a mark, no password.

    unaudited: ClassVar[frozenset[str]] = frozenset({"password", "last_login"})

    handle = models.CharField(max_length=20, unique=True)
    email_hash = models.BinaryField(max_length=32, null=True, unique=True)
    local = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    USERNAME_FIELD = "handle"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    # Whoever acts by a token acts in its role alone; what else they hold does not count then.
    only_role: "Role | None" = None

    def acting_roles(self) -> "models.QuerySet[Role]":
        """Return the roles in which this instance may act and read: those held now."""
        held = self.roles.filter(ended_at=None)
        return held if self.only_role is None else held.filter(id=self.only_role.id)

    @cached_property
    def open_roles(self) -> "list[Role]":
        """The roles held when this instance was read, of all mechanisms, oldest first."""
        held = rows_by_sql(Role, _OPEN_ROLES, self.id)
        mechanisms = {row.id: row for row in rows_by_sql(Mechanism, _THEIR_MECHANISMS, self.id)}
        organisations = self._organisations() if any(r.organisation_id for r in held) else {}
        for role in held:
            role.person = self
            if role.mechanism_id in mechanisms:  # Else it ended just now, and is asked for alone.
                role.mechanism = mechanisms[role.mechanism_id]
            if role.organisation_id in organisations:
                role.organisation = organisations[role.organisation_id]
        return [role for role in held if self.only_role is None or role == self.only_role]

    def _organisations(self) -> "dict[UUID | None, Organisation]":
        return {row.id: row for row in rows_by_sql(Organisation, _THEIR_ORGANISATIONS, self.id)}

    @property
    def shown_name(self) -> str:
        return str(self.content["name"])

    def check_password(self, raw_password: str | None) -> bool:
        return PasswordHash.fits(self.id, raw_password or "")

    def get_session_auth_hash(self) -> str:
        """Return what ties a session to this person; another password or role ends sessions."""
        state = [self.password, *sorted(str(role.id) for role in self.open_roles)]
        return salted_hmac("openhns.session", "|".join(state), algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return iter(())


class PasswordHash(SealedRow):
    """The slow hash of one person's password, under the person's own id. Content: `hash`.

    Whoever can write into the database alone can therefore sign in as nobody.
    """

    @classmethod
    def fits(cls, person_id: UUID, password: str) -> bool:
        """Whether this is the person's password; as slow for somebody who has none."""
        row = cls.objects.filter(id=person_id).first()
        if row is None:
            make_password(password)
            return False
        return check_password(password, str(row.content["hash"]))


class SignInSecret(SealedRow):
    """The secret of one second factor. Content: `secret`."""


class SignInSession(SealedRow):
    """A session, under the hash of its cookie. Content: `session`."""

    expires_at = models.DateTimeField(db_index=True)


class Invitation(AuditedRow):
    """What lets a person choose a password, once; the mechanism's administrator gave it.

    `token_hash` is keyed; the token itself stands in the link alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    token_hash = models.BinaryField(max_length=32, unique=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)


class Role(AuditedRow):
    """What a person may do, for whom, from when until when."""

    class Name(models.TextChoices):
        REPORTER = "reporter"
        APPROVER = "approver"
        REVIEWER = "reviewer"
        TRANSMITTER = "transmitter"
        ADMINISTRATOR = "administrator"
        LIAISON = "liaison"
        AUDITOR = "auditor"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    name = models.CharField(max_length=16, choices=Name)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    party_id = models.UUIDField(null=True)  # Parties live a floor above.
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            # SQLite takes nulls for distinct, whatever it is told; so nobody stands for none.
            models.UniqueConstraint(
                "person",
                "mechanism",
                "name",
                Coalesce("organisation", Value(_NOBODY, output_field=models.UUIDField())),
                Coalesce("party_id", Value(_NOBODY, output_field=models.UUIDField())),
                condition=Q(ended_at=None),
                name="role_once",
            )
        ]


class ApiToken(AuditedRow):
    """What lets a program act in one role of one person. `token_hash` is keyed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="tokens")
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class VettingDecision(AuditedRow, SealedRow):
    """One person's decision on one application of an organisation; content: `reason`."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="vetting_decisions"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    application = models.PositiveIntegerField()
    favourable = models.BooleanField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "application", "person"], name="vetting_once_each"
            )
        ]


class Note(AuditedRow, SealedRow):
    """The operator's message to all organisations; content: `text` by language."""

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    written_at = models.DateTimeField()


class NoteDelivery(AuditedRow):
    """One organisation's copy of a note, and when it was read."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="deliveries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "organisation"], name="note_once_each")
        ]


class ExactRead(AuditedRow, SealedRow):
    """The access journal: one reading of exact places; content: `purpose`, `listings`."""

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    read_at = models.DateTimeField(db_index=True)
    listings = models.PositiveIntegerField()


class Application(AuditedRow, SealedRow):
    """What somebody without an account asked for in an organisation's name.

    Content: `name`, `person`, `email`, `phone`, `about`, and `because` where it was set aside.
    Nothing in it is known to be true; `organisation` is what came of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        TAKEN_UP = "taken up"
        SET_ASIDE = "set aside"

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    received_at = models.DateTimeField(db_index=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="applications", null=True
    )


class Proposal(AuditedRow, SealedRow):
    """What one person asks for and another must agree to. Content: `what`, `why`, `because`.

    `because` is the other person's reason where they declined.
    """

    class Kind(models.TextChoices):
        ROLE = "role"
        POLICY = "policy"
        EXPORT = "export"
        RESET = "reset"

    class State(models.TextChoices):
        WAITING = "waiting"
        AGREED = "agreed"
        DECLINED = "declined"
        TAKEN_BACK = "taken back"

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proposals")
    proposed_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="answered_proposals", null=True
    )
    answered_at = models.DateTimeField(null=True)


class Sending(models.Model):
    """A form that was sent: its key, made when its page was shown, and what came of it.

    Written with the change itself, so that the same form sent twice is one act.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True)
    subject_id = models.UUIDField()
    sent_at = models.DateTimeField(db_index=True)


class Errand(models.Model):
    """What a person ordered on a page and due work then does, because it may take long.

    Its id is the key of the form that ordered it: one form is one errand. `options` and `outcome`
    hold identifiers, flags, counts and codes of errors; never a place, a name or a text.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT)
    kind = models.CharField(max_length=60)
    ordered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="errands")
    ordered_at = models.DateTimeField(db_index=True)
    options = models.JSONField(default=dict)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)
