"""The road on the register of Mali, stretch by stretch, on both databases."""

from pathlib import Path

from benchmarks.floor import FLOOR, count_events, floor_of
from benchmarks.measure import DATABASES, Figure, Place, Ran, place

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
REGISTER = SHARED / "registers" / "mali_public_health_facilities.csv"
ATTACKS = SHARED / "attacks" / "attacks_on_health_care_2016_2023.xlsx"
CONSENT = ("--consent", "Party A=exact", "--consent", "Party B=vicinity")


def run() -> list[Figure]:
    if not REGISTER.exists():
        print(f"{REGISTER.name} is not beside this checkout: the road is not measured.")
        return []
    figures: list[Figure] = []
    for database in DATABASES:
        with place(database) as here:
            figures += _Road(here).walk()
    return figures


class _Road:
    """Walks one installation, and measures each stretch beside its floor."""

    def __init__(self, here: Place) -> None:
        self.here = here
        self.files = here.data.parent
        self.figures: list[Figure] = []

    def stretch(self, what: str, *words: str | Path, count: str | int = 1) -> Ran:
        """Run a command; `count` is how many it dealt with, or the member that says so."""
        before = count_events(self.here) if self.figures else 0
        ran = self.here.run(*words, "--json", expect=(0, 1))
        answer = ran.answer[count] if isinstance(count, str) else count
        dealt = len(answer) if isinstance(answer, list) else int(str(answer))
        floor = floor_of(self.here, count_events(self.here) - before)
        figure = Figure(
            "The road on Mali, each stretch a command",
            what,
            self.here.database,
            dealt,
            ran.seconds,
            FLOOR if floor else "",
            floor,
            ran.peak_mb,
            ran.cpu_s,
        )
        self.figures.append(figure)
        return ran

    def walk(self) -> list[Figure]:
        """Walk the road from a register to a withdrawal."""
        parties = ("--party", "Party A", "--party", "Party B")
        self.stretch("init", "init", "--mechanism", "m", "--country", "MLI", *parties)
        given = ("--organisation", "Ministry of Health", *CONSENT)
        report = ("--report", self.files / "report.xlsx")
        self.stretch("import, with report.xlsx", "import", REGISTER, *given, *report, count="rows")
        self.stretch("clear", "clear", "--passing", count="cleared")
        key = ("--key", self.files / "a.key")
        self.here.run("party", "keygen", "--party", "Party A", "-o", key[1], "--json")
        self.here.run("party", "register", "--party", "Party A", *key, "--json")
        sent = self.stretch("transmit to two parties", "transmit", count="notices")
        notices = sent.answer["notices"]
        assert isinstance(notices, list)
        half = len(notices) // 2
        answer = ("party", "acknowledge", "--party", "Party A", *key, "--all")
        self.stretch("acknowledge", *answer, count=half)
        for party, name in (("Party A", "exact"), ("Party B", "vicinity")):
            output = ("--format", "geojson", "-o", self.files / f"{name}.json")
            self.stretch(f"bundle, {name}", "bundle", "--party", party, *output, count=half)
        attacks = ("import", ATTACKS, "--kind", "incidents", "--country", "MLI")
        self.stretch("import of attacks, and matching", *attacks, count="rows")
        self._prove(str(notices[0]))
        self.stretch("log audit, entries", "log", "audit", count="entries")
        words = ("--effective", "2026-01-01T00:00Z", "--reason", "measured", "--dry-run")
        self.stretch("withdraw, dry run", "withdraw", "Party A", *words)
        return self.figures

    def _prove(self, notice: str) -> None:
        proof, policy = self.files / "proof.json", self.files / "policy.txt"
        self.stretch("prove", "prove", "notice", notice, "-o", proof)
        self.stretch("log policy", "log", "policy", "-o", policy)
        self.stretch("verify", "verify", proof, "--policy", policy)
