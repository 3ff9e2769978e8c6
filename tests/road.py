"""The main road by command, as an operator walks it, for the tests that need it walked."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openhns.testing import Installation

MALI = "data/registers/mali_public_health_facilities.csv"
ATTACKS = "data/attacks/attacks_on_health_care_2016_2023.xlsx"
PASSPHRASE = "correct horse battery staple"


@dataclass
class Road:
    """An installation, a folder for files, and what each command answered."""

    installation: Installation
    files: Path
    answers: dict[str, Any] = field(default_factory=dict)

    def run(self, *words: str | Path, expect: int = 0) -> str:
        """Run one command, require its exit status, and return what it printed."""
        done = self.installation.run(*words)
        assert done.returncode == expect, (
            f"{words[:2]}: {done.returncode}\n{done.stdout[:2000]}{done.stderr}"
        )
        assert "Traceback" not in done.stderr
        return done.stdout

    def json(self, *words: str | Path, expect: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", expect=expect))

    def file(self, name: str) -> Path:
        return self.files / name

    def set_up(self, *options: str, country: str = "MLI") -> None:
        words = ["init", "--mechanism", "mali", "--country", country]
        for party in ("Party A", "Party B"):
            words += ["--party", party]
        self.answers["init"] = self.json(*words, *options)

    def submit(self, register: Path, *, expect: int = 1) -> None:
        self.answers["import"] = self.json(
            "import",
            register,
            "--organisation",
            "Ministry of Health",
            "--consent",
            "Party A=exact",
            "--consent",
            "Party B=vicinity",
            "--report",
            self.file("report.xlsx"),
            expect=expect,
        )

    def notify(self) -> None:
        self.answers["clear"] = self.json("clear", "--passing")
        key = self.file("a.key")
        self.json("party", "keygen", "--party", "Party A", "-o", key)
        self.json("party", "register", "--party", "Party A", "--key", key)
        self.answers["transmit"] = self.json("transmit")

    def acknowledge(self) -> None:
        self.answers["acknowledge"] = self.json(
            "party", "acknowledge", "--party", "Party A", "--key", self.file("a.key"), "--all"
        )

    def bundle(self, party: str, name: str) -> Any:
        self.run("bundle", "--party", party, "--format", "geojson", "-o", self.file(name))
        return json.loads(self.file(name).read_text("utf-8"))

    def prove(self, kind: str, subject: str, name: str) -> Path:
        self.run("prove", kind, subject, "-o", self.file(name))
        return self.file(name)

    def policy(self) -> Path:
        self.run("log", "policy", "-o", self.file("policy.txt"))
        return self.file("policy.txt")


SMALL = """\
Facility name,Facility type,Latitude,Longitude,Country,Admin1,Phone,Reference
Clinique Aube Nouvelle,Clinic,12.63921,-8.00288,Mali,Bamako,+223 20 55 01 01,R-1
Dispensaire du Fleuve,Dispensary,13.43177,-6.21571,Mali,Segou,+223 20 55 01 02,R-2
Hopital des Trois Ponts,Hospital,14.49431,-4.19794,Mali,Mopti,+223 20 55 01 03,R-3
Maternite Source Claire,Maternity,16.77348,-3.00742,Mali,Tombouctou,+223 20 55 01 04,R-4
Centre Sans Position,Health Centre,,,Mali,Gao,+223 20 55 01 05,R-5
Poste aux Axes Croises,Health Post,-0.04473,16.26627,Mali,Gao,+223 20 55 01 06,R-6
"""


def small_register(folder: Path) -> Path:
    """Write a register of four sites that pass and two that do not."""
    path = folder / "register.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path
