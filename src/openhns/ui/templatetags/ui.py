"""Tags that keep figures readable in a right-to-left page, and dates with their zone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
_NOTHING = SafeString("\N{EN DASH}")
_SCALE = 10_000_000


@register.filter
def ltr(value: object) -> SafeString:
    """Isolate a coordinate, grid reference, phone number, identifier or hash left to right.

    In a right-to-left paragraph a browser would show `35.2, 36.7` the other way round.
    """
    return format_html('<bdi dir="ltr" class="ltr">{}</bdi>', value)


@register.filter
def position(value: Any) -> SafeString:
    """Show {lat_e7, lon_e7} as latitude, longitude in decimal degrees; nothing as a dash."""
    if not value:
        return _NOTHING
    lat, lon = (int(value[axis]) / _SCALE for axis in ("lat_e7", "lon_e7"))
    return ltr(f"{lat:.7f}".rstrip("0").rstrip(".") + ", " + f"{lon:.7f}".rstrip("0").rstrip("."))


@register.filter
def moment(value: datetime | str | None) -> SafeString:
    """Show a moment to the minute, with its zone, and exactly in the element's attribute."""
    if not value:
        return _NOTHING
    exact = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = timezone.localtime(exact)
    # Without its zone: one and the same moment has other words in another.
    minute = local.replace(second=0, microsecond=0, tzinfo=None)
    words = _in_words(minute, "j F Y, H:i", get_language())
    iso = exact.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return format_html('<time datetime="{}">{} {}</time>', iso, words, local.strftime("%Z"))


@register.filter
def day(value: datetime | None) -> SafeString:
    """Show a date alone, as one of the page's time zone."""
    if not value:
        return _NOTHING
    local = timezone.localtime(value)
    words = _in_words(local.date(), "j F Y", get_language())
    return format_html('<time datetime="{}">{}</time>', local.date().isoformat(), words)


@lru_cache(maxsize=4_096)  # A list shows the same few days again and again.
def _in_words(value: date, form: str, language: str | None) -> str:
    del language  # The one that is active, by which the words differ.
    return formats.date_format(value, form)


@register.filter
def short_hash(value: str) -> SafeString:
    """Show the beginning of a hash, the whole of it in the element's title."""
    return format_html('<bdi dir="ltr" class="ltr" title="{}">{}…</bdi>', value, value[:12])


@register.filter
def called(value: object, labels: Mapping[str, Any]) -> object:
    """Return what a screen calls a state or kind; a value without a label as it is."""
    return labels.get(str(value), value)


@register.simple_tag(takes_context=True)
def here(context: template.Context, path: str) -> SafeString:
    """Mark the link to the page that is open."""
    request = context.get("request")
    open_now = request is not None and request.path.startswith(path)
    return SafeString(' aria-current="page"') if open_now else SafeString("")
