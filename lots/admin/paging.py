"""Paging zones in the admin."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lots.admin.lot_fields import device, one_line
from lots.admin.one_pbx import OnePbxAdmin
from lots.config.autoanswer import HEADERS
from lots.models import PagingZone, Phone
from lots.models.phone import BRANDS


class PhonesField(ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Phones with their brand, which decides how they are made to answer."""

    def label_from_instance(self, phone: Any) -> str:
        """``201 Ann (Yealink)``."""
        return f"{phone} ({phone.get_brand_display()})"


class ZoneForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """At least one must hear it."""

    class Meta:
        model = PagingZone
        fields = "__all__"  # noqa: DJ007  (the admin names them)
        field_classes = {"members": PhonesField}
        widgets = {
            "members": forms.CheckboxSelectMultiple,
            "quiet_from": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "quiet_until": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "members" in self.fields:
            self.fields["members"].queryset = Phone.objects.order_by("number")  # type: ignore[attr-defined]

    def clean_label(self) -> str:
        """For people."""
        return one_line(self.cleaned_data["label"])

    def clean_overhead(self) -> str:
        """As Asterisk dials it."""
        return device(self.cleaned_data["overhead"])

    def clean(self) -> None:
        """A target, and phones of the zone's own PBX."""
        super().clean()
        members, pbx = self.cleaned_data.get("members"), self.cleaned_data.get("pbx")
        if not self.errors and not (members or self.cleaned_data.get("overhead") or self.cleaned_data.get("multicast")):
            raise forms.ValidationError(_("Choose at least one phone, an overhead device or a multicast address."))
        strange = [str(phone) for phone in members or () if pbx and phone.pbx_id != pbx.pk]
        if strange:
            self.add_error("members", _("Not on this PBX: %s.") % ", ".join(strange))


@admin.register(PagingZone)
class PagingZoneAdmin(OnePbxAdmin):
    """Who hears an announcement, what it says, when it may be made."""

    form = ZoneForm
    list_display = ["label", "phones", "overhead", "multicast", "announcement", "quiet", "repeats"]
    list_filter = ["pbx"]
    list_select_related = ["recording"]
    search_fields = ["label", "members__number", "members__name", "overhead", "multicast"]
    readonly_fields = ["headers"]
    nothing_yet = gettext_lazy(
        "There is no paging zone yet: a zone is phones and loudspeakers that announce a parked call together."
    )
    fieldsets = [
        (None, {"fields": ["label", "pbx"]}),
        (gettext_lazy("Who hears it"), {"fields": ["members", "overhead", "multicast", "headers"]}),
        (gettext_lazy("What it says"), {"fields": ["recording", "text", "repeats"]}),
        (gettext_lazy("When"), {"fields": ["gap", ("quiet_from", "quiet_until")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of phones."""
        zones: QuerySet[Any] = super().get_queryset(request)
        return cast("QuerySet[Any]", zones.annotate(count=Count("members", distinct=True)))

    @admin.display(description=gettext_lazy("phones"), ordering="count")
    def phones(self, zone: Any) -> int:
        """How many."""
        return int(zone.count)

    @admin.display(description=gettext_lazy("announcement"))
    def announcement(self, zone: PagingZone) -> str:
        """Recording, phrase, or the slot alone."""
        return str(zone.recording) if zone.recording else zone.text or _("the slot")

    @admin.display(description=gettext_lazy("quiet hours"))
    def quiet(self, zone: PagingZone) -> str:
        """From and until."""
        if zone.quiet_from is None or zone.quiet_until is None:
            return "–"
        return f"{zone.quiet_from:%H:%M} – {zone.quiet_until:%H:%M}"

    @admin.display(description=gettext_lazy("how phones are made to answer"))
    def headers(self, _zone: PagingZone | None) -> SafeString:
        """The SIP header each brand gets, and what the phone itself needs."""
        rows = format_html_join(
            "",
            '<tr><th scope="row">{}</th><td><code>{}: {}</code></td><td>{}</td></tr>',
            (
                (words, header.name, header.value, header.phone_setting or "–")
                for brand, words in BRANDS
                if (header := HEADERS[brand])
            ),
        )
        return format_html(
            '<table class="brands"><thead><tr><th scope="col">{}</th><th scope="col">{}</th><th scope="col">{}</th>'
            "</tr></thead><tbody>{}</tbody></table>",
            _("Brand"),
            _("SIP header"),
            _("To be switched on in the phone"),
            rows,
        )
