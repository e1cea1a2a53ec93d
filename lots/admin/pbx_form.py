"""The form of a PBX: the contexts in which phones and trunks dial."""

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lots.admin.lot_fields import explained
from lots.config import gate
from lots.models import Pbx

if TYPE_CHECKING:
    Form = forms.ModelForm[Pbx]
else:
    Form = forms.ModelForm


class PbxForm(Form):
    """Names of contexts, separated by spaces."""

    class Meta:
        model = Pbx
        fields = ["phone_contexts", "trunk_contexts"]

    def clean_phone_contexts(self) -> str:
        """As the dialplan names them."""
        found = contexts(self.cleaned_data["phone_contexts"])
        if not found:
            raise ValidationError(_("Name at least one."))
        return found

    def clean_trunk_contexts(self) -> str:
        """As the dialplan names them."""
        return contexts(self.cleaned_data["trunk_contexts"])


def contexts(text: str) -> str:
    """Each once, one space between them."""
    names = list(dict.fromkeys(text.replace(",", " ").split()))
    try:
        for name in names:
            gate.check_context("", name)
    except gate.UnsafeValue as error:
        raise ValidationError(explained(error)) from error
    return " ".join(names)
