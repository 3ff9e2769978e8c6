"""The road on the register of Mali, stretch by stretch, on both databases."""

from pathlib import Path

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
            figures += _walk(here)
    return figures


def _walk(here: Place) -> list[Figure]:
    figures: list[Figure] = []

    def stretch(what: str, ran: Ran, count: int) -> Ran:
        group = "The road on Mali, each stretch a command"
        figures.append(Figure(group, what, here.database, count, ran.seconds, peak_mb=ran.peak_mb))
        return ran

    files = here.data.parent
    parties = ("--party", "Party A", "--party", "Party B")
    stretch("init", here.run("init", "--mechanism", "m", "--country", "MLI", *parties, "--json"), 1)
    words = ("import", REGISTER, "--organisation", "Ministry of Health", *CONSENT, "--json")
    report = ("--report", files / "report.xlsx")
    ran = here.run(*words, *report, expect=(0, 1))
    rows = int(str(ran.answer["rows"]))
    stretch("import, with report.xlsx", ran, rows)
    cleared = here.run("clear", "--passing", "--json")
    stretch("clear", cleared, int(str(cleared.answer["cleared"])))
    here.run("party", "keygen", "--party", "Party A", "-o", files / "a.key", "--json")
    here.run("party", "register", "--party", "Party A", "--key", files / "a.key", "--json")
    sent = here.run("transmit", "--json")
    notices = sent.answer["notices"]
    assert isinstance(notices, list)
    stretch("transmit to two parties", sent, len(notices))
    answer = ("party", "acknowledge", "--party", "Party A", "--key", files / "a.key")
    stretch("acknowledge", here.run(*answer, "--all", "--json"), len(notices) // 2)
    for party, name in (("Party A", "exact"), ("Party B", "vicinity")):
        bundle = ("bundle", "--party", party, "--format", "geojson", "-o", files / f"{name}.json")
        stretch(f"bundle, {name}", here.run(*bundle, "--json"), len(notices) // 2)
    attacks = ("import", ATTACKS, "--kind", "incidents", "--country", "MLI", "--json")
    ran = here.run(*attacks, expect=(0, 1))
    stretch("import of attacks, and matching", ran, int(str(ran.answer["rows"])))
    proof = ("prove", "notice", str(notices[0]), "-o", files / "proof.json", "--json")
    stretch("prove", here.run(*proof), 1)
    audit = here.run("log", "audit", "--json")
    stretch("log audit, entries", audit, int(str(audit.answer["entries"])))
    return figures
