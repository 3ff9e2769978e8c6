"""Every path by which something sensitive goes in, walked once, and what went in."""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.road import Road, small_register

ATTACKS = """\
SiND Event ID,Date,Event Description,Country,Country ISO,Admin 1,Latitude,Longitude,Geo Precision
90001,2026-11-20,Shelling of Hopital des Trois Ponts,Mali,MLI,Mopti,14.494312,-4.197941,(1) Exact
"""
MOVEMENTS = """\
Reference,Departure,Arrival,Origin coordinates,Destination coordinates,Plates,Purpose,Country,Phone
Convoi Source Vive,2030-01-02T06:00Z,2030-01-02T16:00Z,"{0}","{1}",AB-777-XY,Food,Mali,{2}
"""
ROUTE = (("13.512345", "-5.123456"), ("14.612345", "-4.223456"))
SUBMITTED = ("12.912345", "-7.312345")
AMENDED = ("12.912399", "-7.312388")
REPORTED = ("14.494399", "-4.197966")
PEOPLE = ("Aminata Exemple", "Boubacar Exemple", "Colonel Fictif", "Denise Fictive")
PHONES = ("+223 20 66 02 01", "+223 20 66 02 02", "+223 20 66 02 03", "+223 20 66 02 04")
SITE = "Clinique Lune Blanche"
ALIAS = "Poste de la Lune"
ORGANISATION = "Association des Exemples Medicaux"
LETTER = "Le Colonel Fictif a lu votre notification."
CALLER = "Capitaine Invente"
WITNESS = "Temoin Imaginaire"
GROUNDS = "Des hommes armes dorment dans la cour."
QUESTION = "Quel portail du batiment invente est l'entree ?"
REPLY = "Le portail nord, sous le manguier invente."


@dataclass
class WentIn:
    """The names, texts, phone numbers and positions that went in, and where the backup lies."""

    backup: Path
    names: list[str] = field(default_factory=list)
    places: list[tuple[str, str]] = field(default_factory=list)


def walk_every_path(road: Road) -> WentIn:
    """Walk an installation's road by every command that takes something sensitive."""
    register = small_register(road.files)
    road.submit(register)
    _people_and_organisations(road)
    listing = _single_submissions(road)
    road.notify()
    road.acknowledge()
    _answers_by_hand(road)
    _amendment(road, listing)
    _incidents(road)
    road.run("keys", "rotate")
    road.run("keys", "rotate", "--accounts")
    words = ["--effective", "2026-01-01T00:00Z", "--reason", GROUNDS]
    road.json("withdraw", "Party A", *words)
    road.run("import", register, "--organisation", "Ministry of Health", expect=1)
    backup = road.file("backup")
    road.run("backup", backup)
    return _went_in(backup, register)


def _people_and_organisations(road: Road) -> None:
    for name, phone in zip(PEOPLE[:2], PHONES[:2], strict=True):
        email = f"{name.split()[0].lower()}.exemple@example.org"
        road.run("person", "add", "--name", name, "--email", email, "--phone", phone)
    contact = ["--contact-name", PEOPLE[3], "--contact-phone", PHONES[3]]
    road.run("organisation", "apply", ORGANISATION, "--alias", "AEM Medicaux", *contact)
    road.run("organisation", "vet", ORGANISATION, "--reason", "Known to us since long ago.")
    road.run(
        "party", "focal-point", "--party", "Party A", "--name", PEOPLE[2], "--phone", PHONES[2]
    )
    road.run("note", "write", "--text", f"en={LETTER}")


def _single_submissions(road: Road) -> str:
    facts = {"name": SITE, "name_local": ALIAS, "type": "Clinic", "country": "Mali"}
    facts |= {"latitude": SUBMITTED[0], "longitude": SUBMITTED[1], "phone": PHONES[0]}
    given = [word for fact, value in facts.items() for word in ("--set", f"{fact}={value}")]
    consent = ["--consent", "Party A=exact", "--consent", "Party B=presence"]
    answer = road.json("submit", *given, "--organisation", ORGANISATION, *consent)
    movements = road.file("movements.csv")
    places = [", ".join(point) for point in ROUTE]
    movements.write_text(MOVEMENTS.format(*places, PHONES[1]), encoding="utf-8")
    words = ["--kind", "movements", "--organisation", ORGANISATION, *consent[:2]]
    imported = road.json("import", movements, *words)
    assert imported["refused"] == 0
    return str(answer["listing"])


def _answers_by_hand(road: Road) -> None:
    sent = _notices_to(road, "Party B")
    scan = road.file("letter.txt")
    scan.write_text(f"{LETTER}\n", encoding="utf-8")
    notices = ["--notice", sent[0]]
    road.run("receipt", "letter", "--party", "Party B", *notices, "--file", scan)
    call = ["--words", LETTER, "--who", CALLER]
    road.run("receipt", "call", "--party", "Party B", "--notice", sent[1], *call)
    made = road.json("object", "make", sent[0], "--grounds", GROUNDS)
    road.run("object", "answer", str(made["objection"]), "--answer", LETTER)
    asked = road.json("query", "make", sent[0], "--question", QUESTION, "--who", CALLER)
    road.run("query", "reply", str(asked["query"]), "--reply", REPLY)


def _notices_to(road: Road, party: str) -> list[str]:
    road.run("bundle", "--party", party, "--format", "csv", "-o", road.file("held.csv"))
    with road.file("held.csv").open(encoding="utf-8") as file:
        return [row["notice"] for row in csv.DictReader(file)]


def _amendment(road: Road, listing: str) -> None:
    moved = ["--set", f"latitude={AMENDED[0]}", "--set", f"longitude={AMENDED[1]}"]
    road.json("submit", "--amend", listing, *moved)
    road.run("clear", "--passing")
    road.run("transmit")


def _incidents(road: Road) -> None:
    attacks = road.file("attacks.csv")
    attacks.write_text(ATTACKS, encoding="utf-8")
    road.json("import", attacks, "--kind", "incidents", "--country", "MLI")
    where = ["--position", ", ".join(REPORTED), "--precision", "50"]
    when = ["--from", "2026-11-22T00:00Z", "--until", "2026-11-22T01:00Z"]
    told = ["--words", GROUNDS, "--source", WITNESS]
    reported: Any = road.json("report", *where, *when, *told)
    incident = str(reported["incident"])
    road.run("incidents", "certificate", incident, "-o", road.file("certificate.txt"))
    road.prove("incident", incident, "incident.json")


def _went_in(backup: Path, register: Path) -> WentIn:
    went_in = WentIn(backup)
    with register.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    # What is refused never goes in: it comes back in the report alone.
    for row in rows:
        if row["Latitude"] and not row["Latitude"].startswith("-"):
            went_in.names += [row["Facility name"], row["Phone"]]
            went_in.places.append((row["Latitude"], row["Longitude"]))
    went_in.names += [*PEOPLE, *PHONES, SITE, ALIAS, ORGANISATION, LETTER, CALLER, WITNESS]
    went_in.names += [QUESTION, REPLY]
    went_in.names += [GROUNDS, "Ministry of Health", "AEM Medicaux", "AB-777-XY", "Convoi Source"]
    went_in.names += ["aminata.exemple", "Shelling of Hopital"]
    went_in.places += [*ROUTE, SUBMITTED, AMENDED, REPORTED, ("14.494312", "-4.197941")]
    return went_in
