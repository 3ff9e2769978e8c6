"""`verify` and `match` need neither Django nor any room that keeps data: they stand alone."""

import subprocess
import sys
from pathlib import Path

from tests.road import Road

ROOMS = [
    "vault",
    "record",
    "jobs",
    "mechanism",
    "parties",
    "registry",
    "notices",
    "incidents",
    "project",
]
RUN = f"""
import sys
from openhns.cli import main
status = main(sys.argv[1:])
loaded = {{name for name in sys.modules if name.split(".")[0] in {{"django", "environs"}}}}
loaded |= {{n for n in sys.modules if n.startswith("openhns.") and n.split(".")[1] in {ROOMS}}}
assert not loaded, sorted(loaded)
sys.exit(status)
"""
EVENTS = "id,lat,lon,accuracy_m,time\ngate,12.63921,-8.00288,20,2019-05-05T14:30Z\n"
SITES = "id,lat,lon,accuracy_m,valid_from,valid_until\nclinic,12.63921,-8.00288,20,2019-01-01,\n"


def alone(folder: Path, *words: str | Path) -> str:
    """Run a command where there is no setting at all, and require what it loaded to be little."""
    command = [sys.executable, "-c", RUN, *map(str, words)]
    environ = {"HOME": str(folder), "PATH": "/nowhere"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environ)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_verification_loads_no_django_and_no_room_that_keeps_data(small: Road) -> None:
    notice = small.answers["transmit"]["notices"][0]
    proof = small.prove("notice", notice, "proof.json")
    said = alone(small.files, "verify", proof, "--policy", small.policy(), "--json")
    assert '"verdict": "anchored"' in said


def test_a_match_loads_no_django_and_no_room_that_keeps_data(tmp_path: Path) -> None:
    events, sites, out = (tmp_path / name for name in ("events.csv", "sites.csv", "out.csv"))
    events.write_text(EVENTS)
    sites.write_text(SITES)
    said = alone(tmp_path, "match", events, "--sites", sites, "-o", out)
    assert "1 certain" in said
