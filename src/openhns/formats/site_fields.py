"""The fields of a register of sites, and the words and tags that head them."""

from collections.abc import Sequence

from openhns.formats.fields import (
    ADMIN1,
    CONTACT,
    COUNTRY,
    ISO3,
    LAT_TAGS,
    LATITUDE,
    LON_TAGS,
    LONGITUDE,
    PHONE,
    Field,
    field,
)

SITE_FIELDS: Sequence[Field] = (
    field(
        "name",
        "name of the site",
        "facility name | site name | name of facility | name of site | health facility name | "
        "name en | name | facility | site | nom de la structure | nom de l etablissement | "
        "nom de la formation sanitaire | nom du site | nom du centre | nom | formation sanitaire | "
        "etablissement | structure | designation | structure sanitaire | nom structure | "
        "nom fosa | "
        "fosa | libelle | nom de l hopital | nom hopital | nom etablissement | nom centre | "
        "etablissement de sante | centre de sante | health facility | hospital name | hospital | "
        "clinic name | clinic | اسم العيادة | اسم المنشأة الصحية | المنشأة الصحية | المستشفى | "
        "اسم المنشأة | اسم الموقع | اسم المرفق | "
        "اسم المستشفى | اسم المركز | الاسم | المنشأة | المرفق | الموقع",
        "#loc +name !local !type !org | #loc +facility +name | #loc.",
        required=True,
    ),
    field(
        "name_local",
        "name in the local language",
        "local name | name local | name ar | name arabic | arabic name | facility name ar | "
        "nom local | nom arabe | nom en arabe | الاسم بالعربية | الاسم العربي | الاسم المحلي",
        "#loc +name +local | #loc +name +i_ar | #loc +name +ar",
    ),
    field(
        "type",
        "type of site",
        "facility type | site type | type of facility | type of site | health facility type | "
        "type | category | amenity | healthcare | health amenity type | type de structure | "
        "type d etablissement | type structure | type etablissement | type fosa | type de fosa | "
        "nature de la structure | niveau de soins | نوع المستشفى | نوع المنشأة الصحية | "
        "نوع المركز | type de site | type de formation sanitaire | categorie | "
        "نوع المنشأة | نوع الموقع | نوع المرفق | النوع | الفئة",
        "#loc +type | #loc +category | #meta +facility +type",
    ),
    field(
        "function",
        "function",
        "function | use | services | speciality | specialty | purpose | activity | fonction | "
        "usage | specialite | activite | الوظيفة | الاستخدام | الخدمات | التخصص | الاختصاص",
        "#loc +function | #service | #sector",
        strict=True,
    ),
    field(
        "operator",
        "operator or owner",
        "operator | operator name | operated by | organisation | organization | managed by | "
        "managing organisation | agency | ownership | owner | operator type | gestionnaire | "
        "exploitant | operateur | organisation gestionnaire | partenaire d appui | جهة التشغيل | "
        "organisme | gere par | appartenance | propriete | proprietaire | statut "
        "juridique | الجهة المشغلة | المشغل | المنظمة | الجهة المالكة | الملكية | المالك",
        "#org +name | #org +operator | #org !type !code",
    ),
    field(
        "identifier",
        "the organisation's own identifier",
        "identifier | site id | facility id | facility code | site code | uid | uuid | osm id | "
        "hf code | health facility code | "
        "health facility id | code fosa | id | code | reference | ref | identifiant | "
        "code structure | code site | "
        "matricule | المعرف | الرقم التعريفي | رمز المنشأة | رمز الموقع | الرمز | المرجع",
        "#loc +code | #loc +id | #meta +id | #loc +identifier",
        strict=True,
    ),
    field("latitude", "latitude", LATITUDE, LAT_TAGS, required=True, alternative="position"),
    field("longitude", "longitude", LONGITUDE, LON_TAGS, required=True, alternative="position"),
    field(
        "position",
        "position in one column",
        "position | coordinates | coordinate | gps coordinates | gps | gps position | geopoint | "
        "mgrs | grid reference | lat long | lat lon | latitude longitude | geolocation | "
        "coordonnees | coordonnees gps | coordonnees geographiques | localisation gps | "
        "الإحداثيات | احداثيات | الموقع الجغرافي | إحداثيات الموقع",
        "#geo +coord | #geo +coords | #geo +mgrs | #geo +point | #geo.",
        strict=True,
    ),
    COUNTRY,
    ISO3,
    ADMIN1,
    field(
        "admin2",
        "district",
        "admin 2 | admin 2 name | adm 2 name | adm 2 en | adm 2 fr | adm 2 ar | adm 2 | district | "
        "county | cercle | departement | prefecture | zone de sante | zs | district "
        "sanitaire | nom du district | aire de sante | المقاطعة | اسم المديرية | القضاء | "
        "المنطقة الإدارية | "
        "المديرية",
        "#adm2 +name | #adm2 !code",
    ),
    field(
        "pcode",
        "P-code",
        "p code | pcode | admin 3 pcode | adm 3 pcode | admin 2 pcode | adm 2 pcode | "
        "admin 1 pcode | adm 1 pcode | place code | code p | code lieu | رمز المكان",
        "#adm3 +code | #adm2 +code | #loc +pcode | #adm1 +code",
    ),
    field(
        "place",
        "town, village or address",
        "place | town | city | village | locality | address | addr full | town name | localite | "
        "ville | adresse | commune | lieu | quartier | المدينة | القرية | البلدة | العنوان | "
        "المكان | الحي",
        "#loc +town | #loc +village | #loc +address | #contact +address",
    ),
    field(
        "accuracy",
        "accuracy in metres",
        "accuracy | accuracy m | precision m | position accuracy | gps accuracy | precision | "
        "uncertainty m | precision en metres | exactitude | الدقة | دقة الموقع",
        "#geo +precision | #geo +accuracy",
    ),
    field(
        "position_method",
        "how the position was found",
        "position method | coordinate source | coordinates source | ll source | position source | "
        "location method | gps source | source of coordinates | methode de localisation | "
        "source des coordonnees | مصدر الإحداثيات | طريقة التحديد",
        "#geo +method | #geo +source | #meta +geo",
    ),
    field(
        "functioning_status",
        "functioning status",
        "functioning status | functionality | functional status | operational status | status | "
        "operating status | current status | etat de fonctionnement | statut de fonctionnement | "
        "fonctionnalite | etat | statut | حالة التشغيل | الحالة الوظيفية | الحالة | حالة المنشأة",
        "#status +functioning | #status +operational | #status",
    ),
    CONTACT,
    PHONE,
    field(
        "valid_from",
        "valid from",
        "valid from | start date | from | from date | opening date | date de debut | valable du | "
        "debut | صالح من | تاريخ البدء | من تاريخ",
        "#date +start | #date +valid +from",
        strict=True,
    ),
    field(
        "valid_until",
        "valid until",
        "valid until | valid to | end date | until | to date | expiry date | expires | closing "
        "date | date de fin | valable jusqu au | fin | date d expiration | صالح حتى | "
        "تاريخ الانتهاء | حتى تاريخ",
        "#date +end | #date +valid +to | #date +expiry",
        strict=True,
    ),
)
