"""A certificate in plain words, for people; the signed JSON is what counts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from openhns.geodesy.position import E7
from openhns.incidents import words

Json = Mapping[str, Any]


def render(document: Json) -> Iterator[str]:
    """Yield the lines of a certificate in the active language."""
    yield _("STATUS OF NOTIFICATION AT THE TIME OF A REPORTED ATTACK")
    yield _("Certificate %s") % document["id"]
    yield _("Incident %s") % document["incident"]
    yield _("Mechanism %(slug)s, log %(log)s, issued %(when)s") % {
        "slug": document["mechanism"],
        "log": document["log"],
        "when": document["issued_at"],
    }
    yield ""
    yield words.in_this_language(document["says"])
    yield ""
    yield _("WHO MAY SEE THIS: %s") % words.in_this_language(document["readers"]["words"])
    yield ""
    yield from _claims(document["claims"])
    for party in document["parties"]:
        yield from _party(party, document["claims"])


def _claims(claims: Sequence[Json]) -> Iterator[str]:
    yield _("WHAT WAS REPORTED (each source side by side; none is preferred)")
    for number, claim in enumerate(claims, start=1):
        yield _("Claim %(number)d, by %(source)s%(id)s, recorded %(when)s") % {
            "number": number,
            "source": claim["source"],
            "id": f" ({claim['source_id']})" if claim["source_id"] else "",
            "when": claim["recorded_at"],
        }
        yield f"  {claim['words']}"
        yield "  " + _("When: %s") % _time(claim)
        yield "  " + _("Where: %s") % _place(claim)
        for name, text in sorted(claim["as_reported_by_the_source"].items()):
            yield "  " + _("As reported by the source, %(name)s: %(text)s") % {
                "name": name.removeprefix("reported_").replace("_", " "),
                "text": text,
            }
    yield ""


def _time(claim: Json) -> str:
    if claim["from"] is None:
        return _("at an unknown time up to %s") % str(claim["until"])
    return _("between %(start)s and %(end)s") % {"start": claim["from"], "end": claim["until"]}


def _place(claim: Json) -> str:
    place = claim["position"]
    if place is None:
        return _("no position stated (%s)") % (claim["country"] or _("no country stated"))
    shown = f"{place['lat_e7'] / E7:.7f}, {place['lon_e7'] / E7:.7f}"
    if claim["precision_m"] is None:
        return _("%(place)s stands for a wider area; nothing bounds it (%(words)s)") % {
            "place": shown,
            "words": claim["precision_words"] or _("no precision stated"),
        }
    return _("within %(radius)d m of %(place)s") % {"radius": claim["precision_m"], "place": shown}


def _party(party: Json, claims: Sequence[Json]) -> Iterator[str]:
    yield party["name"].upper()
    yield "  " + _("Match: %s") % _(words.VERDICTS[party["verdict"]])
    yield "  " + words.in_this_language(party["statement"]["words"])
    yield from _participation(party["participation"])
    numbers = {claim["id"]: number for number, claim in enumerate(claims, start=1)}
    titles = {
        "held": _("Held at that time:"),
        "ended_before": _("Told earlier, and ended before:"),
        "sent_later": _("Sent only afterwards:"),
    }
    for group, title in titles.items():
        if party[group]:
            yield f"  {title}"
        for notice in party[group]:
            yield from _notice(notice, numbers)
    yield ""


def _participation(participation: Json) -> Iterator[str]:
    for at, label in (("at_begin", _("from the beginning")), ("at_end", _("at the end"))):
        stated = participation[at]
        if stated is not None:
            since = stated["effective_at"] or "-"
            yield "  " + _("Participation %(label)s of that time: %(status)s, since %(since)s") % {
                "label": label,
                "status": stated["status"],
                "since": since,
            }


def _notice(notice: Json, numbers: Mapping[str, int]) -> Iterator[str]:
    yield "    " + _("Notice %(number)d (%(id)s), %(kind)s, grade %(grade)s") % notice
    yield "      " + _("Told: %s") % _told(notice)
    yield "      " + _("Transmitted: %(sent)s; held from %(start)s until %(end)s") % {
        "sent": notice["transmitted_at"] or _("not known"),
        "start": notice["held_from"],
        "end": notice["held_until"] or _("now"),
    }
    for answer in notice["answers"]:
        yield "      " + _answer(answer)
    yield "      " + _("Proved before the attack: %s") % _proved(notice["proved_before"])
    yield "      " + _("Proved by now: %s") % _proved(notice["proved_by_now"])
    for objection in notice["objections"]:
        yield "      " + _objection(objection)
    for match in notice["matches"]:
        yield "      " + _("Claim %(number)d: %(verdict)s, %(metres)d m (%(reasons)s)") % {
            "number": numbers[match["claim"]],
            "verdict": match["verdict"],
            "metres": match["distance_m"],
            "reasons": ", ".join(match["reasons"]),
        }


def _told(notice: Json) -> str:
    told = notice["told"]
    parts = [str(told[name]) for name in ("name", "type", "category") if told.get(name)]
    if "position" in told:
        place = told["position"]
        parts.append(f"{place['lat_e7'] / E7:.7f}, {place['lon_e7'] / E7:.7f}")
    if "cell" in told:
        parts.append(_("cell %s") % told["cell"])
    parts += [_("cell %s") % item["cell"] for item in told.get("cells", ())]
    return ", ".join(parts) or notice["subject"]


def _proved(proof: Json) -> str:
    grade = proof["grade"]
    said = words.proved(grade, bulk=proof["bulk"], machine=proof["machine"])
    return f"{grade}, {said}{_revoked(proof)}"


def _revoked(signed: Json) -> str:
    if signed["key_revoked_from"] is None:
        return ""
    said = _("signed with a key that was revoked from %s") % signed["key_revoked_from"]
    return f", {said}"


def _answer(answer: Json) -> str:
    sides = {"before": _("before the attack"), "after": _("after it"), "unclear": _("unclear")}
    return _("%(answer)s at %(when)s (%(side)s), echelon %(echelon)s: %(grade)s, %(proves)s") % {
        "answer": answer["answer"].capitalize(),
        "when": answer["answered_at"],
        "side": sides[answer["beside_attack"]],
        "echelon": answer["echelon"] or _("not stated"),
        "grade": answer["grade"],
        "proves": words.proved(answer["grade"], bulk=answer["bulk"], machine=answer["machine"])
        + _revoked(answer),
    }


def _objection(objection: Json) -> str:
    warning = _("with a warning") if objection["warning"] else _("without a warning")
    return _("Objected at %(when)s, %(warning)s: %(grounds)s") % {
        "when": objection["made_at"],
        "warning": warning,
        "grounds": objection["grounds"] or "-",
    }
