"""What a field to be found is, and the fields that several kinds of file share.

The words by which people head a column are English, French and Arabic, in order of preference,
divided by bars. Several words, or one behind "~", may stand among others in a header ("GPS
latitude of the site"), unless the field is strict. The tags are HXL 1.1 and odd forms of it met
in real files: "#loc +name" asks for the attribute, "!type" forbids one, and a tag that ends in
"." allows no attribute at all.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field to be found; `alternative` names another whose column makes it unnecessary."""

    name: str
    label: str
    words: tuple[str, ...]
    tags: tuple[str, ...] = ()
    required: bool = False
    alternative: str | None = None
    strict: bool = False


def field(
    name: str,
    label: str,
    words: str,
    tags: str = "",
    *,
    required: bool = False,
    alternative: str | None = None,
    strict: bool = False,
) -> Field:
    """Build a field from words and tags divided by bars."""
    return Field(
        name, label, _parted(words), _parted(tags), required, alternative=alternative, strict=strict
    )


def _parted(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


LATITUDE = (
    "~latitude | ~lat | gps latitude | y | lat dd | latitud | ycoord | خط العرض | دائرة العرض"
)
LONGITUDE = (
    "~longitude | long | lon | lng | gps longitude | x | long dd | lon dd | longitud | xcoord | "
    "خط الطول"
)
LAT_TAGS = "#geo +lat | #lat | #latitude | #lat_deg | #loc +lat"
LON_TAGS = "#geo +lon | #geo +long | #lon | #long | #longitude | #lon_deg | #loc +lon"

COUNTRY = field(
    "country",
    "country",
    "country | country name | pays | nom du pays | admin 0 | adm 0 name | البلد | الدولة | دولة",
    "#country +name | #country !code !iso !iso2 !iso3",
)
ISO3 = field(
    "iso3",
    "country code",
    "iso 3 | iso3c | country iso | country code | iso code | iso 3166 | code pays | code iso | "
    "adm 0 pcode | iso | رمز البلد | رمز الدولة",
    "#country +code | #country +iso3 | #country +iso",
)
ADMIN1 = field(
    "admin1",
    "province or region",
    "admin 1 | admin 1 name | adm 1 name | adm 1 en | adm 1 fr | adm 1 ar | adm 1 | province | "
    "region | governorate | state | oblast | gouvernorat | wilaya | المحافظة | الإقليم | الولاية | "
    "المنطقة",
    "#adm1 +name | #adm1 !code | #admin1",
)
PHONE = field(
    "phone",
    "telephone",
    "phone | telephone | phone number | contact number | contact phone | mobile | gsm | tel | "
    "numero de telephone | numero telephone | no telephone | tel fixe | portable | contact "
    "telephonique | رقم التليفون | تلفون | رقم التواصل | هاتف | رقم الهاتف | الجوال | رقم الجوال",
    "#contact +phone | #contact +tel",
)
CONTACT = field(
    "contact",
    "contact",
    "contact | contact name | contact person | focal point | focal point name | point focal | "
    "personne de contact | nom du contact | جهة الاتصال | الشخص المسؤول | نقطة الاتصال",
    "#contact +name | #contact.",
    strict=True,
)
