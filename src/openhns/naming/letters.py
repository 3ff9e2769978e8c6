# ruff: noqa: RUF001 - telling alike characters of many scripts apart is the work of this file.
"""Arabic and Cyrillic letters in Latin ones, for comparing names; no transcription to be shown."""

from typing import Final

ARABIC: Final = {
    "ا": "a", "أ": "a", "إ": "a", "آ": "a", "ٱ": "a", "ب": "b", "پ": "b", "ت": "t", "ث": "th",
    "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "ژ": "j",
    "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f",
    "ڤ": "f", "ق": "q", "ك": "k", "ک": "k", "گ": "g", "ڭ": "g", "ل": "l", "م": "m", "ن": "n",
    "ه": "h", "ة": "a", "ۀ": "a", "و": "w", "ؤ": "w", "ي": "y", "ی": "y", "ى": "a", "ئ": "y",
    "ء": "", "ـ": "",
}  # fmt: skip

CYRILLIC: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "e",
    "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "y", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "y", "ь": "", "э": "e",
    "ю": "yu", "я": "ya", "ј": "y", "љ": "l", "њ": "n", "ћ": "c", "ђ": "d", "џ": "j",
}  # fmt: skip

LATIN: Final = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "ə": "e", "ɛ": "e", "ɔ": "o", "ŋ": "n", "ɲ": "ny", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y",
}  # fmt: skip

PLAIN: Final = str.maketrans(ARABIC | CYRILLIC | LATIN)

SOUNDS: Final = (
    ("tch", "C"), ("tsch", "C"), ("kh", "x"), ("gh", "g"), ("sh", "C"), ("ch", "C"), ("zh", "j"),
    ("dj", "j"), ("th", "t"), ("dh", "d"), ("ph", "f"), ("ck", "k"), ("qu", "k"), ("q", "k"),
    ("ce", "s"), ("ci", "s"), ("c", "k"), ("v", "f"), ("p", "b"),
)  # fmt: skip
"""Spellings that stand for one consonant across the scripts, applied in this order."""

SILENT: Final = "aeiouwy"
"""Vowels, and the two letters that Arabic writes for long ones."""

GENERIC: Final = """
hospital hospitals hôpital hopital hosp clinic clinics clinique clinica centre center centro health
santé sanitaire medical médical medicale dispensary dispensaire infirmary infirmerie polyclinic
polyclinique post poste hut case cabinet facility facilities unit unité maternity maternité
csps cscom csref csi cma chu chr phc phcc phcu ush
school école ecole camp shelter warehouse office pharmacy pharmacie
مستشفى مستشفي المستشفى مستوصف المستوصف مركز المركز صحي الصحي صحية الصحية طبي الطبي عيادة العيادة
عيادات مصحة المصحة وحدة الوحدة نقطة طبية الطبية مدرسة المدرسة مخيم صيدلية
лікарня больница госпиталь шпиталь поликлиника поліклініка клиника клініка амбулатория амбулаторія
центр медицинский медичний школа фельдшерско акушерский пункт
"""
"""Words that say what a thing is and not which one it is."""

LINKING: Final = """
al el ul de du des d l la le les of the and et a à en in at on
من في و
и та у в
"""
"""Articles and prepositions; they come and go between two spellings of one name."""

ROMAN: Final = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}

TRANSLATED: Final = {
    "surgical": "surgery chirurgical chirurgicale chirurgie جراحي جراحية хирургическая хірургічна",
    "national": "nationale وطني национальная національна",
    "general": "général générale عام общая загальна",
    "central": "centrale مركزي центральная центральна",
    "regional": "régional régionale إقليمي областная обласна",
    "children": "enfants pediatric pédiatrique أطفال детская дитяча",
    "university": "universitaire جامعي университетская університетська",
}
"""Words that do tell facilities apart and that are translated where the rest is transcribed."""
