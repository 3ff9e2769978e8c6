"""Policies, to the letter of c2sp.org/tlog-policy."""

from itertools import combinations

import pytest

from openhns.tlog.checkpoint import Checkpoint, sign_checkpoint
from openhns.tlog.cosignature import Cosigner
from openhns.tlog.errors import NoteError, PolicyError, PolicyNotMet
from openhns.tlog.note import NoteSignature, Signer
from openhns.tlog.policy import Group, Log, Policy, Witness

ALICE = Signer("alice.example/log", bytes(range(32)))
OUTSIDER = Signer("outsider.example/log", bytes(range(1, 33)))
NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
WITNESSES = {name: Cosigner(f"{name}.example", name.encode() * 16) for name in NAMES}
CHECKPOINT = Checkpoint("alice.example/log", 5, bytes(32))
LOG = f"log {ALICE.key}\n"
SIX = "".join(f"witness {name} {one.key}\n" for name, one in WITNESSES.items())
SPEC = (
    f"{LOG}\n{SIX}"
    "group X-witnesses 2 X1 X2 X3\n"
    "group Y-witnesses any Y1 Y2 Y3\n"
    "group X-and-Y all X-witnesses Y-witnesses\n"
    "quorum X-and-Y\n"
)


def signed(*names: str) -> str:
    lines = [WITNESSES[name].cosign(str(CHECKPOINT), 7) for name in names]
    return sign_checkpoint(CHECKPOINT, [ALICE], lines)


def test_the_specification_s_example_asks_for_two_of_x_and_one_of_y() -> None:
    policy = Policy.parse(SPEC)
    for count in range(7):
        for names in combinations(NAMES, count):
            expected = sum(n[0] == "X" for n in names) >= 2 and any(n[0] == "Y" for n in names)
            assert policy.is_witnessed_by(names) is expected


def test_a_checkpoint_that_meets_the_policy_tells_who_signed_it() -> None:
    accepted = Policy.parse(SPEC).accept(signed("X1", "X3", "Y2"))
    assert accepted.checkpoint == CHECKPOINT
    assert accepted.log == ALICE.key
    found = [(one.witness.name, one.timestamp) for one in accepted.cosigned]
    assert found == [("X1", 7), ("X3", 7), ("Y2", 7)]


@pytest.mark.parametrize("names", [(), ("X1",), ("X1", "X2"), ("X1", "Y1", "Y2", "Y3")])
def test_too_few_cosignatures_do_not_meet_the_policy(names: tuple[str, ...]) -> None:
    with pytest.raises(PolicyNotMet, match="quorum"):
        Policy.parse(SPEC).accept(signed(*names))


def test_quorum_none_asks_for_the_log_s_signature_alone() -> None:
    policy = Policy.parse(f"{LOG}quorum none\n")
    assert policy == Policy((Log(ALICE.key),))
    assert policy.accept(signed()).cosigned == ()
    assert policy.accept(signed("X1")).cosigned == ()


def test_a_log_that_is_not_listed_is_refused() -> None:
    policy = Policy.parse(f"log {OUTSIDER.key}\nquorum none\n")
    with pytest.raises(NoteError):
        policy.accept(signed())
    with pytest.raises(PolicyNotMet):
        Policy.parse(f"{SIX}quorum X1\n").accept(signed("X1"))


def test_a_listed_log_speaks_for_its_own_origin_alone() -> None:
    policy = Policy.parse(f"{LOG}log {OUTSIDER.key}\nquorum none\n")
    with pytest.raises(PolicyNotMet, match="origin"):
        policy.accept(sign_checkpoint(CHECKPOINT, [OUTSIDER]))


def test_a_witness_does_not_stand_in_for_the_log() -> None:
    line = WITNESSES["X1"].cosign(str(CHECKPOINT), 7)
    text = f"{CHECKPOINT}\n{line}"
    with pytest.raises(PolicyNotMet):
        Policy.parse(f"{LOG}{SIX}quorum X1\n").accept(text)


def test_a_wrong_cosignature_by_a_known_witness_condemns_the_checkpoint() -> None:
    key = WITNESSES["Y3"].key
    forged = str(NoteSignature(key.name, key.key_id, bytes(72)))
    with pytest.raises(NoteError):
        Policy.parse(SPEC).accept(signed("X1", "X2", "Y1") + forged)


def test_a_policy_is_written_as_it_is_read() -> None:
    policy = Policy.parse(SPEC)
    assert Policy.parse(str(policy)) == policy
    assert str(policy) == SPEC.replace("\n\n", "\n").replace(" any ", " 1 ").replace(" all ", " 2 ")


def test_blanks_comments_and_urls_are_read_as_the_specification_says() -> None:
    vkey = WITNESSES["X1"].key
    policy = Policy.parse(
        f" \t\n# quorum none\n  # a comment, in any language: \u0645\u062b\u0627\u0644\n"
        f"\tlog \t {ALICE.key}  https://alice.example/log \t\n"
        f"witness \u0161\u0165astie {vkey} https://x1.example\nquorum  \u0161\u0165astie"
        "\n".replace("\u0161", "\u0161")
    )
    assert policy.logs[0].url == "https://alice.example/log"
    assert policy.witnesses[0] == Witness("\u0161\u0165astie", vkey, "https://x1.example")


def test_names_are_opaque_octets() -> None:
    vkeys = [str(WITNESSES[name].key).encode() for name in ("X1", "X2", "X3")]
    raw = b"witness K %s\nwitness \xe2\x84\xaa %s\nwitness \xff %s\nquorum \xff\n" % tuple(vkeys)
    policy = Policy.parse(raw)
    assert len({witness.name for witness in policy.witnesses}) == 3
    assert Policy.parse(str(policy)) == policy
    assert str(policy).encode("utf-8", "surrogateescape") == raw


def test_thirty_two_logs_witnesses_and_groups_are_supported() -> None:
    logs = [Signer(f"log{n}.example", bytes([n]) * 32).key for n in range(32)]
    keys = [Cosigner(f"w{n}.example", bytes([n]) * 32).key for n in range(32)]
    lines = [f"log {key}\n" for key in logs]
    lines += [f"witness w{n} {key}\n" for n, key in enumerate(keys)]
    lines += [f"group g{n} 1 w{n}" + (f" g{n - 1}" if n else "") + "\n" for n in range(32)]
    policy = Policy.parse("".join(lines) + "quorum g31\n")
    assert policy.is_witnessed_by(["w0"])
    assert not policy.is_witnessed_by([])


@pytest.mark.parametrize(
    "text",
    [
        "",
        LOG,
        "quorum none",
        "quorum none\nquorum none\n",
        "quorum nobody\n",
        "quorum\n",
        "quorum none none\n",
        "Quorum none\n",
        "quorum none # comment\n",
        "quorum\u00a0none\n",
        "quorum none\r\n",
        "quorum none\x00\n",
        "quorum none\x7f\n",
        "log\nquorum none\n",
        "log nonsense\nquorum none\n",
        f"log {WITNESSES['X1'].key}\nquorum none\n",
        f"log {ALICE.key} url more\nquorum none\n",
        f"{LOG}{LOG}quorum none\n",
        f"{LOG}log {Signer('other.example', bytes(range(32))).key}\nquorum none\n",
        f"witness X {ALICE.key}\nquorum none\n",
        f"witness {WITNESSES['X1'].key}\nquorum none\n",
        f"witness none {WITNESSES['X1'].key}\nquorum none\n",
        f"{SIX}witness X1 {Cosigner('z.example', bytes(32)).key}\nquorum none\n",
        f"{SIX}witness Z {WITNESSES['X1'].key}\nquorum none\n",
        f"{SIX}group g\nquorum none\n",
        f"{SIX}group g any\nquorum none\n",
        f"{SIX}group g 0 X1\nquorum none\n",
        f"{SIX}group g 2 X1\nquorum none\n",
        f"{SIX}group g 01 X1\nquorum none\n",
        f"{SIX}group g some X1\nquorum none\n",
        f"{SIX}group g \u0661 X1\nquorum none\n",
        f"{SIX}group g any X1 X1\nquorum none\n",
        f"{SIX}group g any none\nquorum none\n",
        f"{SIX}group none any X1\nquorum none\n",
        f"{SIX}group X1 any X2\nquorum none\n",
        f"{SIX}group g any g\nquorum none\n",
        f"{SIX}group g any h\ngroup h any X1\nquorum none\n",
        f"{SIX}group g any X1\ngroup h any X1\nquorum none\n",
        f"group g any X1\n{SIX}quorum none\n",
        f"quorum X1\n{SIX}",
    ],
)
def test_malformed_policies_are_refused(text: str) -> None:
    with pytest.raises(PolicyError):
        Policy.parse(text)


def test_a_policy_that_contradicts_itself_cannot_be_made() -> None:
    with pytest.raises(PolicyError):
        Policy(quorum="nobody")
    with pytest.raises(PolicyError):
        Policy(groups=(Group("g", 1, ("nobody",)),))
