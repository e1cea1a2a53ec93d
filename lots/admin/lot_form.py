"""The form of a lot that is set up here: every value is checked where it stands, by the gate Asterisk's text passes."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lots.admin.lot_check import Checked, checked
from lots.admin.lot_fields import PIN, SLOTS, LabelField, explained, seconds
from lots.admin.which_pbx import with_key
from lots.config import gate
from lots.config.naming import name_for
from lots.config.pin import hash_pin
from lots.config.setup import WhenFull
from lots.models import HoldMusic, ParkingLot, Pbx
from lots.models.lot import LONGEST, SHORTEST
from lots.publish.setup import check_sound

if TYPE_CHECKING:
    Form = forms.ModelForm[ParkingLot]
else:
    Form = forms.ModelForm

Check = Callable[[str], None]
GATES: dict[str, Check] = {
    "park_code": partial(gate.check_code, ""),
    "retrieve_code": partial(gate.check_code, ""),
    "next_code": partial(gate.check_code, ""),
    "prefix_text": partial(gate.check_text, "", longest=20),
    "alert_info": partial(gate.check_alert_info, ""),
    "message": check_sound,
    "courtesy_tone": check_sound,
}
"""The check each field's value passes when there is one."""


class ObservedLotForm(Form):
    """A lot found on the PBX: only what people see of it is ours."""

    label = LabelField(label=_("Label"), max_length=80, help_text=_("What people call this lot."))

    class Meta:
        model = ParkingLot
        fields = ["label", "on_board", "long_after", "soon_before"]


class LotForm(Form):
    """A lot that is set up here. ``checked`` is what it would be, once the form was cleaned."""

    label = LabelField(label=_("Label"), max_length=80, help_text=_("What people call this lot."))
    count = forms.IntegerField(
        label=_("Number of slots"),
        min_value=1,
        max_value=gate.MOST_SLOTS,
        help_text=_("The first one and the next numbers after it."),
    )
    new_pin = forms.CharField(
        label=_("PIN"),
        required=False,
        validators=[PIN],
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "inputmode": "numeric", "maxlength": 12}),
    )
    remove_pin = forms.BooleanField(label=_("Remove the PIN"), required=False)

    class Meta:
        model = ParkingLot
        fields = [
            *("label", "description", "on_board", "pbx", "park_code", "retrieve_code", "next_code", "first_slot"),
            *("next_slot", "timeout", "reminder", "ring_parker", "prefix_text", "prefix_slot", "prefix_number"),
            *("prefix_name", "alert_info", "message", "message_recording", "when_full", "overflow", "music"),
            *("announce", "courtesy_tone", "courtesy_to", "transfers", "reparking", "separate"),
        ]
        widgets = {
            "timeout": seconds(0, LONGEST),
            "reminder": seconds(0, LONGEST),
            "ring_parker": seconds(0, 300),
            "description": forms.Textarea(attrs={"rows": 2}),
            **{name: forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}) for name in SLOTS},
        }

    checked: Checked | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        self._hide_only_pbx()
        if row.pk:
            self.initial.setdefault("count", row.last_slot - row.first_slot + 1)
        if row.pk is None:
            row.observed = row.present = False
        self._word_pin()
        self._offer_neighbours()

    def _word_pin(self) -> None:
        """The PIN itself is kept nowhere, so it cannot be shown."""
        if not self.instance.has_pin:
            self.fields.pop("remove_pin", None)
        if "new_pin" in self.fields:
            words = _("A PIN is set. Type a new one to replace it; 4 to 12 digits.")
            unset = _("Asked of callers from outside before the slot: 4 to 12 digits. It is never shown again.")
            self.fields["new_pin"].help_text = words if self.instance.has_pin else unset

    def _hide_only_pbx(self) -> None:
        """Where there is one PBX nobody need choose it."""
        if "pbx" in self.fields and Pbx.objects.count() == 1:
            self.fields["pbx"].widget = forms.HiddenInput()

    def _offer_neighbours(self) -> None:
        """Other lots and music of the same PBX."""
        pbx = self._pbx() or self.initial.get("pbx")
        here = {"pbx": pbx} if pbx else {}
        others = ParkingLot.objects.filter(observed=False, retired=False, **here).exclude(pk=self.instance.pk)
        offered = {"overflow": others, "music": HoldMusic.objects.filter(**here)}
        for name, rows in offered.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows

    def clean_timeout(self) -> int:
        """Not so short that nobody could take the call."""
        seconds: int = self.cleaned_data["timeout"]
        if 0 < seconds < SHORTEST:
            raise ValidationError(
                _("At least %(shortest)d seconds, or 0 for never."), params={"shortest": SHORTEST}, code="short"
            )
        return seconds

    def clean_label(self) -> str:
        """Two lots of one name could not be told apart on the board."""
        label: str = self.cleaned_data["label"]
        others = ParkingLot.objects.filter(Q(observed=False) | Q(present=True), pbx=self._pbx(), retired=False)
        if others.filter(label__iexact=label).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another lot is called so already."))
        return label

    def _pbx(self) -> int | None:
        """The PBX this lot is on, or is to be on, if what was sent is one."""
        if self.instance.pbx_id:
            return self.instance.pbx_id
        return with_key(str(self.data.get("pbx", ""))).values_list("pk", flat=True).first()

    def clean(self) -> dict[str, Any]:
        """What only several fields together can say."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        timeout, reminder = data.get("timeout"), data.get("reminder")
        if timeout and reminder and reminder >= timeout:
            self.add_error("reminder", _("The reminder must come before the timeout."))
        self._clean_range(data)
        self._clean_overflow(data)
        if data.get("new_pin") and data.get("remove_pin"):
            self.add_error("new_pin", _("Either set a new PIN or remove it."))
        return data

    def _clean_range(self, data: dict[str, Any]) -> None:
        first, count = data.get("first_slot"), data.get("count")
        if first is None or count is None:
            return
        self.instance.last_slot = first + count - 1
        if self.instance.last_slot > gate.HIGHEST_SLOT:
            self.add_error("first_slot", _("Slots have at most nine digits."))

    def _clean_overflow(self, data: dict[str, Any]) -> None:
        if data.get("when_full") != WhenFull.OVERFLOW:
            data["overflow"] = None
        elif not data.get("overflow") and "overflow" not in self.errors:
            self.add_error("overflow", _("Choose the lot that takes the calls."))

    def full_clean(self) -> None:
        """The gate, what is derived, and the whole lot beside all others."""
        super().full_clean()
        if not self.is_bound:
            return
        self._pass_gate()
        row = self.instance
        if not row.name and row.pbx_id:
            taken = set(ParkingLot.objects.filter(pbx=row.pbx_id).values_list("name", flat=True))
            row.name = name_for(row.label, taken)
        self._set_pin()
        if not self.errors.keys() - {"label"} and row.pbx_id:  # what it would do does not depend on what it is called
            self.checked = checked(row, self.data)
            for name, sentence in self.checked.errors:
                self.add_error(name if name in self.fields else None, sentence)

    def _pass_gate(self) -> None:
        for name, check in GATES.items():
            if value := self.cleaned_data.get(name):
                try:
                    check(value)
                except gate.UnsafeValue as error:
                    self.add_error(name, explained(error))

    def ask_pin_again(self) -> None:
        """Before the form is shown once more: what was typed as the PIN is not sent back, and would be lost unseen."""
        if self.is_bound and self.data.get("new_pin") and "new_pin" not in self.errors:
            self.add_error("new_pin", _("Type the PIN again: it is not kept while something else is corrected."))

    def _set_pin(self) -> None:
        row, data = self.instance, self.cleaned_data
        if data.get("remove_pin"):
            row.pin_salt = row.pin_hash = ""
        elif data.get("new_pin"):
            row.pin_salt = secrets.token_hex(16)
            row.pin_hash = hash_pin(data["new_pin"], row.pin_salt)
