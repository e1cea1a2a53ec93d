"""What the rules say, in the reader's language."""

from django.utils.translation import gettext as _

from lots.config.clash import SENTENCES, Clash
from lots.config.gate import UnsafeValue
from lots.types.words import Said


def translated(text: object) -> str:
    """A sentence of the rules or of what they raised; what cannot be translated stays as it is."""
    if isinstance(text, UnsafeValue):
        return f"{_(text.what)}: {rule(text)}" if text.what and text.rule else rule(text)
    if isinstance(text, Said):
        return _(text.template).format_map({name: translated(value) for name, value in text.params.items()})
    return str(text)


def rule(error: UnsafeValue) -> str:
    """What the gate says of a value, without the name of its field."""
    return translated(Said(error.rule, **error.params)) if error.rule else str(error)


def clash_words(clash: Clash) -> str:
    """The same as its sentence, in the reader's language."""
    params = {
        name: _(text) if name.endswith("what") or name == "field_word" else translated(text)
        for name, text in clash.params.items()
    }
    return _(clash.template or SENTENCES[clash.code]).format_map(params)
