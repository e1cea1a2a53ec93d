"""Phones in the admin."""

from django import forms
from django.contrib import admin

from lots.admin.lot_fields import device, one_line
from lots.admin.one_pbx import OnePbxAdmin
from lots.admin.telling import TellingAdmin
from lots.bridge.messages import News
from lots.models import Phone


class PhoneForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Lots that ring a phone could not be published if Asterisk cannot be told its device."""

    class Meta:
        model = Phone
        fields = "__all__"  # noqa: DJ007  (the admin names them)

    def clean_name(self) -> str:
        """For people."""
        return one_line(self.cleaned_data["name"])

    def clean_device(self) -> str:
        """As Asterisk dials it."""
        return device(self.cleaned_data["device"])


@admin.register(Phone)
class PhoneAdmin(OnePbxAdmin, TellingAdmin):
    """Whose click makes which phone ring."""

    news: News = {"kind": "rights"}
    form = PhoneForm
    list_display = ["number", "name", "device", "brand", "owner"]
    list_filter = ["brand", "pbx"]
    list_select_related = ["owner"]
    search_fields = ["number", "name", "device", "owner__username"]
