"""Verifying one proof, in process and as a command."""

import subprocess
import sys

from benchmarks.bench_ten_thousand import notified
from benchmarks.measure import Figure, best_of, place
from openhns.proofs.verify import verify
from openhns.tlog.policy import Policy

TIMES = 200


def run() -> list[Figure]:
    with place("sqlite") as here:
        notice = notified(here, sites=100, parties=2).first_notice
        files = here.data.parent
        here.run("prove", "notice", notice, "-o", files / "proof.json")
        here.run("log", "policy", "-o", files / "policy.txt")
        proof, text = (files / "proof.json").read_bytes(), (files / "policy.txt").read_bytes()
        policy = Policy.parse(text)
        inside = best_of(5, lambda: [verify(proof, policy) for _ in range(TIMES)]) / TIMES
        words = ["verify", str(files / "proof.json"), "--policy", str(files / "policy.txt")]
        command = best_of(5, lambda: here.run(*words))
    python = best_of(5, lambda: subprocess.run([sys.executable, "-c", ""], check=True))
    size = f"a proof of {len(proof)} bytes"
    return [
        Figure("Verify", "in process", "", 1, inside, budget="20 ms", note=size),
        Figure("Verify", "as a command", "", 1, command, "starting Python", python, budget="0.5 s"),
    ]
