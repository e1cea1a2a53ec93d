"""Forms of what belongs to one lot. A step keeps only the fields of its kind."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext_lazy as _

from lots.admin.lot_fields import LabelField, explained
from lots.config import gate
from lots.config.setup import StepKind
from lots.models import FallbackStep, OutsideNumber, ParkingLot, Phone, SlotName
from lots.publish.setup import step_of

if TYPE_CHECKING:
    StepBase = forms.ModelForm[FallbackStep]
    NumberBase = forms.ModelForm[OutsideNumber]
    NameBase = forms.ModelForm[SlotName]
    FormSet = BaseInlineFormSet[Any, ParkingLot, Any]
else:
    StepBase = NumberBase = NameBase = forms.ModelForm
    FormSet = BaseInlineFormSet

FIELDS_OF = {
    StepKind.PHONE: ("phones", "seconds"),
    StepKind.GROUP: ("phones", "seconds"),
    StepKind.VOICEMAIL: ("mailbox",),
    StepKind.LOT: ("target",),
    StepKind.LOCATION: ("location",),
}
"""The fields that count for each kind; the page's script shows only these."""
MISSING = {
    "phones": _("Choose a phone."),
    "mailbox": _("Write the box."),
    "target": _("Choose a lot."),
    "location": _("Write where in the dialplan."),
}


NO_GROUP = _("Choose the group, or remove this row: without a group it limits nobody.")


class StepForm(StepBase):
    """One step of the fallback."""

    class Meta:
        model = FallbackStep
        fields = ["position", "kind", "phones", "seconds", "mailbox", "target", "location"]
        widgets = {"phones": forms.CheckboxSelectMultiple(attrs={"class": "choices"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seconds"].required = False
        if self.instance.pk is None:  # nothing is chosen yet: a row left so is no step
            self.initial["kind"] = ""
            kind: Any = self.fields["kind"]
            kind.choices = [("", "---------"), *FallbackStep.KINDS]

    def offer(self, lot: ParkingLot) -> None:
        """Phones and other lots of the same PBX."""
        here = {"pbx": lot.pbx_id} if lot.pbx_id else {}
        others = ParkingLot.objects.filter(observed=False, retired=False, **here).exclude(pk=lot.pk)
        for name, rows in (("target", others), ("phones", Phone.objects.filter(**here))):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows

    def clean(self) -> dict[str, Any]:
        """Only what the kind needs, and all of it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") not in FIELDS_OF:
            return data
        kind = StepKind(data["kind"])
        data["seconds"] = data.get("seconds") or FallbackStep._meta.get_field("seconds").default  # noqa: SLF001
        for name in ("phones", "mailbox", "target", "location"):
            if name not in FIELDS_OF[kind]:
                data[name] = [] if name == "phones" else None if name == "target" else ""
                self.errors.pop(name, None)
            elif not data.get(name) and name not in self.errors:
                self.add_error(name, MISSING[name])
        if kind is StepKind.PHONE and len(data.get("phones") or ()) > 1:
            self.add_error("phones", _("Choose one phone, or make it a ring group."))
        return data

    def full_clean(self) -> None:
        """And the gate."""
        super().full_clean()
        if not self.is_bound or self.errors or (self.empty_permitted and not self.has_changed()):
            return
        try:
            step_of(self.instance, tuple(phone.device for phone in self.cleaned_data.get("phones") or ()))
        except gate.UnsafeValue as error:
            (field, *_rest) = FIELDS_OF[StepKind(self.instance.kind)]
            self.add_error(field, explained(error))


class NumberForm(NumberBase):
    """An outside number."""

    class Meta:
        model = OutsideNumber
        fields = ["number"]
        widgets = {"number": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})}

    def clean_number(self) -> str:
        """As a trunk can send it."""
        number: str = "".join(self.cleaned_data["number"].split())
        try:
            gate.check_number("", number)
        except gate.UnsafeValue as error:
            raise ValidationError(explained(error)) from error
        return number


class NameForm(NameBase):
    """A friendly name for a slot."""

    name = LabelField(label=_("Name"), max_length=40)

    class Meta:
        model = SlotName
        fields = ["slot", "name"]


class StepsFormSet(FormSet):
    """The fallback: steps know which lot they belong to."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """With the choices of this lot's PBX."""
        super().add_fields(form, index)
        form.offer(self.instance)


class NamesFormSet(FormSet):
    """Names of slots the lot has."""

    def clean(self) -> None:
        """A name beyond the range would be shown nowhere."""
        super().clean()
        lot = self.instance
        for form in kept(self):
            slot = form.cleaned_data.get("slot")
            if slot is not None and not lot.first_slot <= slot <= lot.last_slot:
                words = _("This lot has the slots %(first)d to %(last)d.")
                form.add_error("slot", words % {"first": lot.first_slot, "last": lot.last_slot})


class RightsFormSet(FormSet):
    """Who may do what: a row without a group would leave the lot open to all."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Rows that somebody added are filled in; the spare one of a page without script may stay empty."""
        super().add_fields(form, index)
        form.fields["group"].error_messages["required"] = NO_GROUP
        if index is not None and not self.spare:
            form.empty_permitted = False

    spare = False


def kept(formset: Any) -> Iterator[Any]:
    """The valid forms that were filled in and are not to be deleted."""
    if not formset.is_bound:
        return
    for form in formset.forms:
        empty = form.empty_permitted and not form.has_changed()
        if not empty and form.is_valid() and not form.cleaned_data.get("DELETE"):
            yield form


StepFormSet = inlineformset_factory(
    ParkingLot, FallbackStep, form=StepForm, formset=StepsFormSet, fk_name="lot", extra=0
)
NumberFormSet = inlineformset_factory(ParkingLot, OutsideNumber, form=NumberForm, extra=0)
