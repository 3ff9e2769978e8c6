"""The four categories that the vicinity grade may show, found from a site's own words.

A site whose words name none of them is `other`: a party at that grade then learns only that
something humanitarian stands there.
"""

import re
from functools import lru_cache
from typing import Final

OTHER: Final = "other"
_WORDS: Final = {
    "medical": (
        "hospital|hopital|hôpital|hospitalier|clinic|clinique|clinica|polyclini|health|santé|sante|"
        "saude|saúde|salud|medic|médic|dispensa|pharma|farmac|dentist|dental|doctor|maternit|"
        "ambulan|laborator|laboratoire|surg|chirurg|nursing|physio|blood|"
        "مستشفى|مستشفي|مستوصف|عيادة|صيدلية|صحي|صحة|طبي|مصحة|اسعاف|إسعاف|مختبر|"
        "лікарн|больниц|клінік|клиник|поліклін|поликлин|медич|медиц|аптек|госпіталь|госпиталь"
    ),
    "education": (
        "school|école|ecole|lycée|lycee|college|collège|universit|kindergarten|educat|éducat|"
        "escola|madrasa|مدرسة|جامعة|روضة|تعليم|школ|університет|университет|садок|ліцей|лицей"
    ),
    "shelter": (
        "shelter|abris?\b|refuge|camps?\b|idps?\b|displaced|déplacés|collective cent|"
        "accommodation|orphan|"
        "مأوى|مخيم|نازح|ايواء|إيواء|табір|лагер|притул|убежищ|укритт"
    ),
    "supplies": (
        "warehouse|entrep[oô]t|depot|dépôt|store|storage|magasin|food|distribution|water|"
        "logistic|logistique|fuel|bakery|boulangerie|مستودع|مخزن|توزيع|مياه|مخبز|غذاء|склад"
    ),
}
_PATTERNS: Final = {
    category: re.compile(rf"(?:\b|(?<=ال))(?:{words})", re.IGNORECASE)
    for category, words in _WORDS.items()
}
CATEGORIES: Final = (*_WORDS, OTHER)


def category_of(*texts: str) -> str:
    """Return the category of the first text, in order of weight, whose words name one."""
    return next((found for text in texts if (found := _category(text)) != OTHER), OTHER)


@lru_cache(maxsize=20_000)
def _category(text: str) -> str:
    return next((name for name, pattern in _PATTERNS.items() if pattern.search(text)), OTHER)
