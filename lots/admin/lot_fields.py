"""Fields and widgets of the lot's form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from lots.config import gate
from lots.publish.translated import rule

SLOTS = ("park_code", "retrieve_code", "next_code")
PIN = RegexValidator(r"\A[0-9]{4,12}\Z", _("4 to 12 digits."))


class LabelField(forms.CharField):
    """Words for people: any language, one line."""

    def clean(self, value: Any) -> Any:
        """Without what no keyboard types."""
        return one_line(super().clean(value))


def one_line(text: str) -> str:
    """``text``, if it is printable from end to end; else ``ValidationError``."""
    if not text.isprintable():
        raise ValidationError(_("One line of plain text, please."))
    return text


def seconds(least: int, most: int) -> forms.NumberInput:
    """A number of seconds."""
    return forms.NumberInput(attrs={"min": least, "max": most, "inputmode": "numeric"})


def device(text: str) -> str:
    """``text``, if Asterisk can be told to ring it, or empty; else ``ValidationError``."""
    try:
        if text:
            gate.check_device("", text)
    except gate.UnsafeValue as error:
        raise ValidationError(explained(error)) from error
    return text


def explained(error: gate.UnsafeValue) -> str:
    """The gate's sentence without the field's name: it stands at the field already."""
    sentence = rule(error)
    return sentence[:1].upper() + sentence[1:]
