"""The fields of a list of movements, and the words and tags that head them."""

from collections.abc import Sequence

from openhns.formats.fields import (
    CONTACT,
    COUNTRY,
    ISO3,
    PHONE,
    Field,
    field,
)

MOVEMENT_FIELDS: Sequence[Field] = (
    field(
        "reference",
        "name or reference of the movement",
        "movement reference | movement id | movement name | convoy name | convoy reference | "
        "mission reference | mission name | reference | ref | name | movement | convoy | mission | "
        "nom du convoi | reference du mouvement | convoi | mouvement | اسم القافلة | "
        "مرجع الحركة | رقم الحركة | القافلة | المرجع",
        "#activity +id | #activity +name | #meta +id",
        required=True,
        strict=True,
    ),
    field(
        "departure",
        "departure, date and time",
        "departure | departure time | departure date | date of departure | etd | start time | "
        "start date | start | depart | date de depart | heure de depart | المغادرة | "
        "وقت المغادرة | تاريخ المغادرة | الانطلاق",
        "#date +departure | #date +start",
        required=True,
        strict=True,
    ),
    field(
        "arrival",
        "arrival, date and time",
        "arrival | arrival time | arrival date | date of arrival | eta | end time | end date | "
        "end | arrivee | date d arrivee | heure d arrivee | الوصول | وقت الوصول | تاريخ الوصول",
        "#date +arrival | #date +end",
        required=True,
        strict=True,
    ),
    field(
        "origin",
        "origin",
        "origin | origin name | from | departure point | departure location | point of departure | "
        "origine | lieu de depart | point de depart | المنشأ | نقطة الانطلاق | مكان المغادرة | من",
        "#loc +origin +name | #loc +origin",
        strict=True,
    ),
    field(
        "origin_latitude",
        "latitude of the origin",
        "origin latitude | origin lat | from latitude | from lat | departure latitude | start "
        "latitude | start lat | latitude origine | latitude de depart | خط عرض المنشأ",
        "#geo +lat +origin | #geo +lat +start",
        required=True,
        alternative="origin_position",
    ),
    field(
        "origin_longitude",
        "longitude of the origin",
        "origin longitude | origin long | origin lon | from longitude | from lon | from long | "
        "departure longitude | start longitude | start lon | longitude origine | longitude de "
        "depart | خط طول المنشأ",
        "#geo +lon +origin | #geo +lon +start",
        required=True,
        alternative="origin_position",
    ),
    field(
        "origin_position",
        "position of the origin in one column",
        "origin position | origin coordinates | origin gps | origin mgrs | from coordinates | "
        "departure coordinates | start coordinates | coordonnees origine | coordonnees de depart | "
        "إحداثيات المنشأ | إحداثيات الانطلاق",
        "#geo +coord +origin | #geo +mgrs +origin",
        strict=True,
    ),
    field(
        "destination",
        "destination",
        "destination | destination name | to | arrival point | arrival location | lieu d arrivee | "
        "point d arrivee | الوجهة | مكان الوصول | إلى",
        "#loc +destination +name | #loc +destination",
        strict=True,
    ),
    field(
        "destination_latitude",
        "latitude of the destination",
        "destination latitude | destination lat | dest lat | to latitude | to lat | arrival "
        "latitude | end latitude | end lat | latitude destination | latitude d arrivee | "
        "خط عرض الوجهة",
        "#geo +lat +destination | #geo +lat +end",
        required=True,
        alternative="destination_position",
    ),
    field(
        "destination_longitude",
        "longitude of the destination",
        "destination longitude | destination long | destination lon | dest lon | to longitude | "
        "to lon | to long | arrival longitude | end longitude | end lon | longitude destination | "
        "longitude d arrivee | خط طول الوجهة",
        "#geo +lon +destination | #geo +lon +end",
        required=True,
        alternative="destination_position",
    ),
    field(
        "destination_position",
        "position of the destination in one column",
        "destination position | destination coordinates | destination gps | destination mgrs | "
        "to coordinates | arrival coordinates | end coordinates | coordonnees destination | "
        "coordonnees d arrivee | إحداثيات الوجهة | إحداثيات الوصول",
        "#geo +coord +destination | #geo +mgrs +destination",
        strict=True,
    ),
    field(
        "route",
        "route",
        "route | waypoints | via | itinerary | path | itineraire | trajet | axe | المسار | "
        "الطريق | خط السير",
        "#geo +route | #loc +route",
        strict=True,
    ),
    field(
        "type",
        "type of movement",
        "movement type | type of movement | type | mission type | type de mouvement | type de "
        "mission | نوع الحركة | نوع المهمة | النوع",
        "#activity +type",
        strict=True,
    ),
    field(
        "vehicles",
        "vehicles",
        "vehicles | number of vehicles | vehicle count | vehicle description | vehicle type | "
        "trucks | vehicules | nombre de vehicules | camions | المركبات | عدد المركبات | السيارات | "
        "الشاحنات",
        "#asset +vehicles | #item +vehicles | #capacity +vehicles",
    ),
    field(
        "plates",
        "number plates",
        "plates | number plates | plate numbers | plate number | licence plates | license plates | "
        "license plate | registration | vehicle registration | plaques | plaques d immatriculation "
        "| immatriculation | لوحات المركبات | أرقام اللوحات | رقم اللوحة | اللوحات",
        "#asset +plates | #item +plates",
    ),
    field(
        "purpose",
        "purpose",
        "purpose | purpose of movement | purpose of mission | objective | cargo | but | objectif | "
        "motif | objet | but du mouvement | الغرض | الهدف | غرض الحركة | الحمولة",
        "#activity +purpose | #activity +description",
        strict=True,
    ),
    field(
        "persons",
        "number of persons",
        "persons | number of persons | passengers | personnel | staff | number of staff | "
        "personnes | nombre de personnes | passagers | الأشخاص | عدد الأشخاص | الركاب",
        "#reached +persons | #affected +persons",
        strict=True,
    ),
    COUNTRY,
    ISO3,
    CONTACT,
    PHONE,
)
