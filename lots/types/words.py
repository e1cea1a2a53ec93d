"""English sentences that can be said in another language later, where the reader is known. PURE.

The rules know no Django: they write ``Said(gettext_noop("{lot} is full."), lot=name)``, which is that text in English.
``makemessages`` finds what is in ``gettext_noop``, and ``lots.publish.translated`` says it in the reader's language.
"""

from collections.abc import Mapping
from typing import Self


def gettext_noop(text: str) -> str:
    """``text``, marked for translators."""
    return text


class Said(str):
    """``template`` with its ``params``. A parameter that is ``Said`` is translated too, any other stays as it is."""

    __slots__ = ("params", "template")
    template: str
    params: Mapping[str, object]

    def __new__(cls, template: str, **params: object) -> Self:
        """In English."""
        made = super().__new__(cls, template.format_map(params))
        made.template, made.params = template, params
        return made
