"""10,000 sites: cleared, told to three parties, logged and proved."""

import csv
import random
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.floor import FLOOR, floor_of
from benchmarks.measure import DATABASES, Figure, Place, Ran, place

SITES = 10_000
GRADES = ("exact", "exact", "vicinity")
TOWNS = ((12.65, -8.0), (13.43, -6.27), (14.49, -4.2), (16.77, -3.01), (16.27, -0.04))


@dataclass
class Notified:
    """What each stretch took, and the first notice that was sent."""

    ran: dict[str, Ran] = field(default_factory=dict)
    first_notice: str = ""
    notices: int = 0


def run() -> list[Figure]:
    figures: list[Figure] = []
    for database in DATABASES:
        with place(database) as here:
            figures += _figures(here, notified(here, SITES, len(GRADES)))
    return figures


def _figures(here: Place, done: Notified) -> list[Figure]:
    group = "10,000 sites, three parties"
    figures = [
        Figure(group, what, here.database, SITES, ran.seconds, peak_mb=ran.peak_mb, cpu_s=ran.cpu_s)
        for what, ran in done.ran.items()
    ]
    proof = here.data.parent / "proof.json"
    proved = here.run("prove", "notice", done.first_notice, "-o", proof, "--json")
    counted = [done.ran["clear"], done.ran["transmit"], proved]
    seconds, peak = sum(ran.seconds for ran in counted), max(ran.peak_mb for ran in counted)
    written = SITES + done.notices
    figures.append(
        Figure(
            group,
            "clear, notify, log, prove",
            here.database,
            SITES,
            seconds,
            FLOOR,
            floor_of(here, written),
            peak,
            sum(ran.cpu_s for ran in counted),
            budget="60 s",
            note=f"{done.notices} notices",
        )
    )
    return figures


def notified(here: Place, sites: int, parties: int) -> Notified:
    """Register invented sites around towns, clear them and tell them to the parties."""
    done = Notified()
    names = [f"Party {number}" for number in range(1, parties + 1)]
    given = [word for name in names for word in ("--party", name)]
    consents = [
        word
        for name, grade in zip(names, GRADES, strict=False)
        for word in ("--consent", f"{name}={grade}")
    ]
    here.run("init", "--mechanism", "bench", "--country", "MLI", *given, "--json")
    register = _register(here.data.parent / "register.csv", sites)
    words = ("--organisation", "Bench", *consents, "--json")
    done.ran["import"] = here.run("import", register, *words, expect=(0, 1))
    done.ran["clear"] = here.run("clear", "--passing", "--json")
    done.ran["transmit"] = here.run("transmit", "--json")
    notices = done.ran["transmit"].answer["notices"]
    assert isinstance(notices, list)
    done.first_notice, done.notices = str(notices[0]), len(notices)
    return done


def _register(path: Path, sites: int) -> Path:
    chance = random.Random(2026)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Reference", "Facility name", "Type", "Latitude", "Longitude", "Country"])
        for number in range(sites):
            lat, lon = chance.choice(TOWNS)
            place_ = (f"{lat + chance.gauss(0, 0.2):.6f}", f"{lon + chance.gauss(0, 0.2):.6f}")
            writer.writerow([f"B-{number}", f"Clinic {number:05d}", "Clinic", *place_, "Mali"])
    return path
