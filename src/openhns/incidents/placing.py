"""Where a row places its attack: its country, its coordinates, and what the two say together."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from openhns.formats.columns import ColumnMap
from openhns.formats.values import Row
from openhns.gazetteer import countries
from openhns.geodesy.notation import read_position
from openhns.geodesy.position import Position, PositionError
from openhns.incidents import findings
from openhns.incidents.drafts import Finding, Where
from openhns.incidents.precision import read_precision

Notice = Callable[[Finding], None]
"""Takes note of a finding about the row at hand."""

_NULL = Position(0, 0)


@lru_cache(maxsize=4096)
def iso3_of(name: str) -> str | None:
    """Return the code of a country by code or name, odd names included, or None."""
    found = countries.country(name) if name else None
    return None if found is None else found.iso3


def country_of(columns: ColumnMap, row: Row, notice: Notice) -> str | None:
    """Return the row's country as ISO 3166-1 alpha-3; its code goes before its name."""
    name, code = columns.text(row, "country"), columns.text(row, "iso3")
    by_name, by_code = iso3_of(name), iso3_of(code)
    if by_name and by_code and by_name != by_code:
        notice(findings.COUNTRY_CONTRADICTED)
    if by_name is None and by_code is None and (name or code):
        notice(findings.COUNTRY_UNKNOWN)
    return by_code or by_name


def place(columns: ColumnMap, row: Row, country: str | None, notice: Notice) -> Where:
    """Read coordinates and precision; a place that contradicts its country bounds nothing."""
    stated = read_precision(columns.text(row, "precision"))
    where = Where(_coordinates(columns, row, notice), stated.radius_m, stated.words, country)
    if where.position is None:
        if stated.radius_m is not None and not _any_coordinates(columns, row):
            notice(findings.POSITION_MISSING)
        return replace(where, radius_m=None)
    if not stated.words:
        notice(findings.PRECISION_MISSING)
    if stated.words and stated.radius_m is None:
        return where  # Coordinates that stand for a district or country contradict nothing.
    doubt = _doubt(where.position, country, where.radius_m or 0)
    if doubt is not None:
        notice(doubt)
        return replace(where, radius_m=None)
    return where


def _any_coordinates(columns: ColumnMap, row: Row) -> bool:
    return any(columns.text(row, name) for name in ("latitude", "longitude", "position"))


def _coordinates(columns: ColumnMap, row: Row, notice: Notice) -> Position | None:
    lat, lon = columns.text(row, "latitude"), columns.text(row, "longitude")
    whole = columns.text(row, "position")
    if bool(lat) != bool(lon):
        notice(findings.POSITION_HALF)
        return None
    if not lat and not whole:
        return None
    try:
        position = read_position((lat, lon) if lat else whole).position
    except PositionError as error:
        outside = error.code == "out_of_range"
        notice(findings.POSITION_OUT_OF_RANGE if outside else findings.POSITION_UNREADABLE)
        return None
    if position == _NULL:
        notice(findings.POSITION_NULL)
        return None
    return position


def _doubt(position: Position, country: str | None, radius_m: int) -> Finding | None:
    """Return what is wrong between a position and its country, if anything is."""
    if country is None or is_in(position, country, radius_m):
        return None
    try:
        swapped = Position(position.lon_e7, position.lat_e7)
    except PositionError:
        return findings.OUTSIDE_COUNTRY
    fits = is_in(swapped, country, radius_m)
    return findings.AXES_SWAPPED if fits else findings.OUTSIDE_COUNTRY


@lru_cache(maxsize=16_384)
def is_in(position: Position, country: str, radius_m: int) -> bool:
    """Whether a position may lie in a country, its own uncertainty in metres allowed.

    A country whose outline is not known contradicts no position.
    """
    if not countries.has_outline(country):
        return True
    found = countries.inside(position, country)
    return found.verdict != "no" or found.distance_m <= radius_m
