"""The walk: each stretch of the road as a command, what it is for, and what it answered."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Answer = Mapping[str, Any]
Run = Callable[[list[str]], Answer]
PARTY_A, PARTY_B = "Party A", "Party B"
ORGANISATION = "Example Health Association"
REGISTER = Path(__file__).parent / "example" / "register.csv"


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch: what it is for, the command that walked it, and what came of it."""

    title: str
    command: list[str]
    lines: list[str]


class Walk:
    """Walks the road with the commands that an operator has; `files` is for what they write."""

    def __init__(self, run: Run, files: Path) -> None:
        self._run = run
        self.files = files
        self.answers: dict[str, Answer] = {}

    def stretches(self) -> Iterator[Stretch]:
        """Yield each stretch once it is walked; whatever a command refuses is raised."""
        yield self._set_up()
        yield self._submit()
        yield self._clear()
        yield self._make_key()
        yield self._transmit()
        yield self._acknowledge()
        yield self._bundle(PARTY_A, "party-a.geojson", "exact places, as agreed")
        yield self._bundle(PARTY_B, "party-b.geojson", "cells about 1 to 7 km wide, and no names")
        yield self._report_attack()
        yield self._certify()
        yield self._prove()
        yield self._verify()
        yield self._audit()
        yield self._withdraw()

    def _walk(
        self, name: str, title: str, words: list[str], lines: Callable[[Answer], list[str]]
    ) -> Stretch:
        answer = self.answers[name] = self._run(words)
        return Stretch(title, words, lines(answer))

    def _file(self, name: str) -> str:
        return str(self.files / name)

    def _set_up(self) -> Stretch:
        words = ["init", "--mechanism", "example", "--country", "MLI"]
        words += ["--party", PARTY_A, "--party", PARTY_B]
        return self._walk(
            "init",
            "A mechanism is set up, with two parties and a transparency log",
            words,
            lambda answer: [f"Log {answer['log']['origin']}, policy {answer['policy']['name']}."],
        )

    def _submit(self) -> Stretch:
        words = ["import", str(REGISTER), "--organisation", ORGANISATION]
        words += ["--consent", f"{PARTY_A}=exact", "--consent", f"{PARTY_B}=vicinity"]
        words += ["--report", self._file("report.xlsx")]
        return self._walk(
            "import",
            "An organisation hands in its register, and says what each party may be told",
            words,
            _counted_rows,
        )

    def _clear(self) -> Stretch:
        return self._walk(
            "clear",
            "The operator clears for relay what passed every check",
            ["clear", "--passing"],
            lambda answer: [f"{answer['cleared']} cleared; held for a reviewer: {answer['held']}."],
        )

    def _make_key(self) -> Stretch:
        key = self._file("party-a.key")
        made = self._run(["party", "keygen", "--party", PARTY_A, "-o", key])
        self.answers["keygen"] = made
        return self._walk(
            "register",
            f"{PARTY_A} makes a key, and proves that it holds it",
            ["party", "register", "--party", PARTY_A, "--key", key],
            lambda _answer: [
                "The key stands in the log; its fingerprint can be compared by voice."
            ],
        )

    def _transmit(self) -> Stretch:
        return self._walk(
            "transmit",
            "Each party is told exactly what was agreed, in signed and numbered notices",
            ["transmit"],
            lambda answer: [f"{len(answer['notices'])} notices are in the parties' mailboxes."],
        )

    def _acknowledge(self) -> Stretch:
        words = ["party", "acknowledge", "--party", PARTY_A, "--key", self._file("party-a.key")]
        return self._walk(
            "acknowledge",
            f"{PARTY_A} answers with its key; {PARTY_B} stays silent, and that is recorded too",
            [*words, "--all"],
            lambda _answer: ["Each answer is signed, and says that it was given in bulk."],
        )

    def _bundle(self, party: str, name: str, what: str) -> Stretch:
        words = ["bundle", "--party", party, "--format", "geojson", "-o", self._file(name)]
        return self._walk(name, f"What {party} can load: {what}", words, lambda _answer: [name])

    def _report_attack(self) -> Stretch:
        start = datetime.now(UTC) + timedelta(minutes=1)
        words = ["report", "--position", "14.494301, -4.197950", "--precision", "30"]
        words += ["--from", _time(start), "--until", _time(start + timedelta(minutes=5))]
        words += ["--source", "example witness", "--words", "An explosion in the hospital's yard."]
        return self._walk(
            "report",
            "An attack is reported (invented), and matched with what each party held",
            words,
            lambda answer: [f"Incident {answer['incident']}."],
        )

    def _certify(self) -> Stretch:
        incident = str(self.answers["report"]["incident"])
        words = ["incidents", "certificate", incident, "-o", self._file("certificate.txt")]
        return self._walk(
            "certificate",
            "The status-at-strike certificate: what had been sent, and what had come back",
            words,
            lambda _answer: ["certificate.txt. It does not say who struck, nor who knew."],
        )

    def _prove(self) -> Stretch:
        notice = str(self.answers["transmit"]["notices"][0])
        policy = ["log", "policy", "-o", self._file("policy.txt")]
        self.answers["policy"] = self._run(policy)
        return self._walk(
            "prove",
            "A proof for a stranger, and the policy that he must have from elsewhere",
            ["prove", "notice", notice, "-o", self._file("proof.json")],
            lambda _answer: ["proof.json and policy.txt"],
        )

    def _verify(self) -> Stretch:
        words = ["verify", self._file("proof.json"), "--policy", self._file("policy.txt")]
        return self._walk(
            "verify",
            "The stranger verifies it, with no database and no network",
            words,
            lambda answer: [f"Verdict: {answer['verdict']}, in {len(answer['steps'])} steps."],
        )

    def _audit(self) -> Stretch:
        return self._walk(
            "audit",
            "The database is compared with the published log",
            ["log", "audit"],
            _counted_findings,
        )

    def _withdraw(self) -> Stretch:
        words = ["withdraw", PARTY_A, "--effective", _time(datetime.now(UTC) + timedelta(days=7))]
        words += ["--reason", "Thought through, not done.", "--dry-run"]
        return self._walk(
            "withdraw",
            f"What would follow if {PARTY_A} left in a week (nothing is changed)",
            words,
            lambda _answer: ["It would keep what it holds; each organisation would be told."],
        )


def _counted_rows(answer: Answer) -> list[str]:
    counts = ", ".join(f"{answer[word]} {word}" for word in ("accepted", "warned", "refused"))
    return [f"{answer['rows']} rows: {counts}; report.xlsx says why, beside the cells."]


def _counted_findings(answer: Answer) -> list[str]:
    seen = f"{answer['events']} events in {answer['entries']} entries, {answer['rows']} rows"
    return [f"{seen}: {len(answer['findings'])} findings."]


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
