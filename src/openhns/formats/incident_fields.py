"""The fields of a list of incidents, and the words and tags that head them."""

from collections.abc import Sequence

from openhns.formats.fields import (
    ADMIN1,
    COUNTRY,
    ISO3,
    LAT_TAGS,
    LATITUDE,
    LON_TAGS,
    LONGITUDE,
    Field,
    field,
)

INCIDENT_FIELDS: Sequence[Field] = (
    field(
        "identifier",
        "the source's identifier of the event",
        "sind event id | event id | incident id | event identifier | incident number | event code "
        "| identifier | id | reference | identifiant | numero d incident | رقم الحادث | المعرف | "
        "معرف الحادث",
        "#event +id | #event +code | #meta +id",
        strict=True,
    ),
    field(
        "date",
        "date of the event",
        "date | event date | incident date | date of event | date of incident | date of attack | "
        "attack date | date time | day | date de l incident | date de l evenement | "
        "date de l attaque | jour | التاريخ | تاريخ الحادث | تاريخ الهجوم | اليوم",
        "#date +occurred | #date +event | #date +start | #date !end !reported !updated",
        required=True,
    ),
    field(
        "time",
        "time of day",
        "time | event time | time of event | time of attack | hour | heure | heure de l incident "
        "| الوقت | الساعة | وقت الحادث",
        "#date +time",
        strict=True,
    ),
    field(
        "description",
        "description",
        "event description | incident description | description | summary | narrative | details | "
        "what happened | notes | description de l incident | resume | recit | الوصف | "
        "وصف الحادث | ملخص | تفاصيل",
        "#event +description | #description | #event +summary",
    ),
    COUNTRY,
    ISO3,
    ADMIN1,
    field(
        "place",
        "town or place",
        "place | town | city | village | locality | place name | town name | localite | ville | "
        "lieu | المدينة | القرية | المكان | البلدة",
        "#loc +name | #loc +town",
    ),
    field("latitude", "latitude", LATITUDE, LAT_TAGS),
    field("longitude", "longitude", LONGITUDE, LON_TAGS),
    field(
        "position",
        "position in one column",
        "position | coordinates | gps coordinates | gps | mgrs | grid reference | coordonnees | "
        "coordonnees gps | الإحداثيات | احداثيات",
        "#geo +coord | #geo +coords | #geo +mgrs | #geo.",
        strict=True,
    ),
    field(
        "precision",
        "how precise the position is",
        "geo precision | location precision | position precision | spatial precision | "
        "where precision | geographic precision | precision | precision geographique | "
        "precision du lieu | دقة الموقع | الدقة الجغرافية",
        "#geo +precision | #geo +accuracy",
    ),
    field(
        "perpetrator",
        "perpetrator as reported",
        "reported perpetrator | perpetrator | reported perpetrator category | actor | actor type | "
        "auteur presume | auteur signale | الجهة المبلغ عنها | الجاني المبلغ عنه | الفاعل",
        "#group +perp !name",
        strict=True,
    ),
    field(
        "perpetrator_name",
        "perpetrator's name as reported",
        "reported perpetrator name | perpetrator name | actor name | actor 1 | nom de l auteur "
        "presume | اسم الجهة المبلغ عنها | اسم الفاعل",
        "#group +perp +name | #group +name",
        strict=True,
    ),
    field(
        "weapon",
        "weapon as reported",
        "weapon carried used | weapon used | weapon | weapons | weapon type | type of weapon | "
        "arme | arme utilisee | type d arme | السلاح | نوع السلاح | السلاح المستخدم",
        "#weapons | #weapon | #event +weapon",
    ),
    field(
        "location_type",
        "kind of place struck",
        "location of incident | location | location type | type of location | facility type | "
        "lieu de l incident | type de lieu | نوع الموقع | موقع الحادث | نوع المنشأة",
        "#loc +type | #loc !name !lat !lon",
        strict=True,
    ),
    field(
        "facility_name",
        "name of the facility struck",
        "facility name | name of facility | health facility name | site name | nom de la structure "
        "| nom de l etablissement | اسم المنشأة | اسم المرفق",
        "#loc +facility +name",
        strict=True,
    ),
    field(
        "certainty",
        "certainty as stated by the source",
        "certainty | certainty level | confidence | verification status | event status | "
        "certitude | niveau de certitude | درجة التأكد | مستوى التحقق",
        "#status +certainty | #event +certainty",
        strict=True,
    ),
    field(
        "source",
        "source",
        "source | source name | reported by | sources | information source | signale par | المصدر "
        "| مصدر المعلومات",
        "#meta +source",
        strict=True,
    ),
    field(
        "facilities_destroyed",
        "facilities destroyed",
        "number of attacks on health facilities reporting destruction | facilities destroyed | "
        "structures detruites | منشآت مدمرة",
        "#indicator +health_facility +destroyed",
        strict=True,
    ),
    field(
        "facilities_damaged",
        "facilities damaged",
        "number of attacks on health facilities reporting damaged | facilities damaged | "
        "structures endommagees | منشآت متضررة",
        "#indicator +health_facility +damaged",
        strict=True,
    ),
    field(
        "killed",
        "people killed",
        "health workers killed | killed | deaths | number killed | fatalities | tues | morts | "
        "القتلى | عدد القتلى | الوفيات",
        "#affected +healthworker +killed | #affected +killed",
        strict=True,
    ),
    field(
        "injured",
        "people injured",
        "health workers injured | injured | injuries | wounded | number injured | blesses | الجرحى "
        "| عدد الجرحى | المصابون",
        "#affected +healthworker +injured | #affected +injured",
        strict=True,
    ),
)
