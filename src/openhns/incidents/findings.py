"""Everything that can be noticed about a row of a file of incidents, in words for a person."""

from openhns.incidents.drafts import Finding

DATE_MISSING = Finding("date_missing", "date", "There is no date.", refuses=True)
DATE_UNREADABLE = Finding(
    "date_unreadable", "date", "The date is in no form that is known.", refuses=True
)
DATE_IN_FUTURE = Finding("date_in_future", "date", "The date lies in the future.", refuses=True)
DATE_AMBIGUOUS = Finding(
    "date_ambiguous", "date", "The date reads day first or month first; both are kept open."
)
DATE_VAGUE = Finding("date_vague", "date", "The date names no day; the whole period is kept open.")
DATE_FROM_WORDS = Finding(
    "date_from_description", "date", "The date was taken from the description's opening words."
)
DATES_DIFFER = Finding(
    "dates_differ", "date", "The description opens with another date; both are kept open."
)
REPORTED_DATE = Finding(
    "reported_date",
    "date",
    "The description gives the date of a report; how long before it the attack was is unknown.",
)
ROUGH_DATE = Finding(
    "rough_date", "date", "The description calls the date rough or a range; it was widened."
)
TIME_UNREADABLE = Finding(
    "time_unreadable", "time", "The time of day is in no form that is known; the whole day is open."
)
POSITION_UNREADABLE = Finding(
    "position_unreadable", "latitude", "The coordinates cannot be read.", refuses=True
)
POSITION_OUT_OF_RANGE = Finding(
    "position_out_of_range", "latitude", "The coordinates lie outside the globe.", refuses=True
)
POSITION_HALF = Finding(
    "position_half", "latitude", "Only one of the two coordinates is given.", refuses=True
)
POSITION_MISSING = Finding(
    "position_missing",
    "latitude",
    "There are no coordinates, though a precision is stated: the place is open within the country.",
)
POSITION_NULL = Finding(
    "position_null_island",
    "latitude",
    "The coordinates are 0, 0, which stand for none: the place is open within the country.",
)
AXES_SWAPPED = Finding(
    "axes_swapped",
    "latitude",
    "Latitude and longitude look swapped: the place is open until the source corrects it.",
)
OUTSIDE_COUNTRY = Finding(
    "outside_country",
    "latitude",
    "The coordinates lie outside the named country: one of the two is wrong, the place is open.",
)
PRECISION_MISSING = Finding(
    "precision_missing", "precision", "No precision is stated: the coordinates bound nothing."
)
COUNTRY_UNKNOWN = Finding("country_unknown", "country", "No country is known by this name.")
COUNTRY_CONTRADICTED = Finding(
    "country_contradicted", "country", "The country's name and its code name two countries."
)
OUTSIDE_MECHANISM = Finding(
    "outside_mechanism", "country", "The country is not one that this mechanism covers."
)
NO_IDENTIFIER = Finding(
    "no_identifier",
    "identifier",
    "The source gives no identifier: a changed row is a new incident.",
)
SAME_IDENTIFIER = Finding(
    "identifier_repeated",
    "identifier",
    "An earlier row of this file has the same identifier and other content; both claims are kept.",
)
