"""The text that stands on every notice (DOMAIN, "What the mechanism is").

A notice informs. In no language does the text use a word of permission other than to say that
none is asked for and none is given.
"""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

LEGAL_TEXTS: Final = MappingProxyType(
    {
        "en": (
            "This notice is for information. It asks for no permission and gives none. The "
            "obligations of all parties under international humanitarian law stand with or "
            "without it, among them to verify targets and to take precautions. Not being "
            "listed, or being removed from the list, changes no protection: an answer that "
            "nothing is notified at a place never means that the place may be attacked. An "
            "acknowledgement says that this notice was received, and nothing else."
        ),
        "fr": (
            "Cette notification est donnée à titre d'information. Elle ne demande ni ne donne "
            "aucune autorisation. Les obligations de toutes les parties en vertu du droit "
            "international humanitaire demeurent avec ou sans elle, notamment celles de vérifier "
            "les objectifs et de prendre des précautions. Ne pas figurer sur la liste, ou en être "
            "retiré, ne change rien à la protection : une réponse indiquant que rien n'est "
            "notifié en un lieu ne signifie jamais que ce lieu peut être attaqué. Un accusé de "
            "réception dit que cette notification a été reçue, et rien d'autre."
        ),
        "ar": (
            "هذا الإخطار للعلم فقط. وهو لا يطلب إذنًا ولا يمنحه. وتبقى التزامات جميع الأطراف بموجب "
            "القانون الدولي الإنساني قائمة به أو بدونه، ومنها التحقق من الأهداف واتخاذ الاحتياطات. "
            "وعدم الإدراج في القائمة أو الحذف منها لا يغيّر شيئًا من الحماية: والجواب بأنه لا يوجد "
            "إخطار بشأن مكان ما لا يعني أبدًا جواز مهاجمته. والإقرار بالاستلام يعني أن هذا الإخطار "
            "قد وصل، ولا شيء غير ذلك."
        ),
    }
)


def legal_text(languages: Iterable[str]) -> dict[str, str]:
    """Return the text by language, in the languages of the mechanism for which there is one.

    English always stands there too: a notice without the text must not exist.
    """
    wanted = ["en", *languages]
    return {code: LEGAL_TEXTS[code] for code in wanted if code in LEGAL_TEXTS}
