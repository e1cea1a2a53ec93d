"""Phones in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lots.admin.lot_fields import device, one_line
from lots.admin.one_pbx import OnePbxAdmin, refusing
from lots.admin.telling import TellingAdmin
from lots.bridge.messages import News
from lots.models import ParkingLot, Phone


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
    nothing_yet = _("No phone is known here. A click on the board rings the phone of whoever clicked: add theirs.")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Not one that a lot's fallback rings or a zone needs."""
        uses = [text for phone in objs for text in uses_of(phone)]
        return refusing(super().get_deleted_objects(objs, request), uses)


def uses_of(phone: Phone) -> list[str]:
    """Sentences that name what rings it."""
    told = {"phone": phone}
    lots = ParkingLot.objects.filter(steps__phones=phone, retired=False).distinct()
    fallbacks = [gettext("%(phone)s: the fallback of %(lot)s rings it.") % {**told, "lot": lot} for lot in lots]
    zones = phone.zones.all()
    return fallbacks + [gettext("%(phone)s: it belongs to the zone %(zone)s.") % {**told, "zone": z} for z in zones]
