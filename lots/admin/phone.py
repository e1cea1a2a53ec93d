"""Phones in the admin."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from lots.admin.lot_fields import device, one_line
from lots.admin.telling import TellingAdmin
from lots.bridge.messages import News
from lots.models import Pbx, Phone


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
class PhoneAdmin(TellingAdmin):
    """Whose click makes which phone ring."""

    news: News = {"kind": "rights"}
    form = PhoneForm
    list_display = ["number", "name", "device", "brand", "owner"]
    list_filter = ["brand", "pbx"]
    list_select_related = ["owner"]
    search_fields = ["number", "name", "device", "owner__username"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        """Where there is one PBX nobody need choose it."""
        only = list(Pbx.objects.values_list("pk", flat=True)[:2])
        return {**super().get_changeform_initial_data(request), **({"pbx": str(only[0])} if len(only) == 1 else {})}
