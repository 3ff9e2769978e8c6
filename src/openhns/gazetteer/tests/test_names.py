import csv
import gzip
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from openhns.gazetteer.names import _key, countries, country
from openhns.testing import shared


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("MLI", "MLI"),
        ("ml", "MLI"),
        (" Mali ", "MLI"),
        ("République du Mali", "MLI"),
        ("مالي", "MLI"),
        ("OPT", "PSE"),
        ("oPt", "PSE"),
        ("occupied Palestinian territory", "PSE"),
        ("DRC", "COD"),
        ("RDC", "COD"),
        ("Congo, Dem. Rep.", "COD"),
        ("Congo", "COG"),
        ("CAR", "CAF"),
        ("Centrafrique", "CAF"),
        ("Cote d'Ivoire", "CIV"),
        ("COTE D\N{RIGHT SINGLE QUOTATION MARK}IVOIRE", "CIV"),
        ("C\N{LATIN CAPITAL LETTER A WITH TILDE}\N{ACUTE ACCENT}te d'Ivoire", "CIV"),
        ("Swaziland", "SWZ"),
        ("Türkiye", "TUR"),
        ("Syrian Arab Republic", "SYR"),
        ("الجمهورية العربية السورية", "SYR"),
        ("أوكرانيا", "UKR"),
        ("Україна", "UKR"),
        ("The Gambia", "GMB"),
        ("Kosovo", "XKX"),
        ("Somaliland", "SOM"),
    ],
)
def test_a_country_is_found_by_what_sheets_say(text: str, iso3: str) -> None:
    found = country(text)
    assert found is not None
    assert found.iso3 == iso3


@pytest.mark.parametrize("text", ["", "Unspecified", "International Waters", "Korea", "XX", "Mal"])
def test_what_names_no_single_country_is_not_guessed(text: str) -> None:
    assert country(text) is None


@settings(deadline=None)
@given(st.text())
def test_any_text_may_be_asked(text: str) -> None:
    found = country(text)
    assert found is None or found in countries()


def test_every_country_has_its_codes_and_no_name_stands_for_two() -> None:
    assert len({each.iso2 for each in countries()}) == len(countries()) == 250
    owner: dict[str, str] = {}
    source = files("openhns.gazetteer").joinpath("data/countries.csv")
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        names = [*list(row.values())[:5], *row["other"].split(";")]
        for name in filter(None, names):
            assert owner.setdefault(_key(name), row["iso3"]) == row["iso3"], name


def test_every_country_of_a_real_sheet_of_attacks_is_found() -> None:
    book = CalamineWorkbook.from_path(shared("data/attacks/attacks_on_health_care_2016_2023.xlsx"))
    header, _, *rows = book.get_sheet_by_index(0).to_python()
    name, code = header.index("Country"), header.index("Country ISO")
    pairs = {(str(row[name]), str(row[code])) for row in rows}
    for text, iso3 in pairs:
        by_name, by_code = country(text), country(iso3)
        if text in {"International Waters", "Unspecified"}:
            assert by_name is by_code is None
        else:
            assert by_name is not None, text
            assert by_name.iso3 == iso3
            assert by_name == by_code


def test_every_country_of_a_real_register_is_found() -> None:
    path = shared("data/registers/africa_public_health_facilities.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as file:
        pairs = {(row["Country"], row["iso3c"]) for row in csv.DictReader(file)}
    for text, iso3 in pairs:
        found = country(text)
        assert found is not None, text
        assert found.iso3 == iso3
