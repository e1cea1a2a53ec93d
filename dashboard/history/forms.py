"""The filters of history and reports, as they stand in an address."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.history.stays import OPEN, Wanted
from lots.models import ParkedCall, ParkingLot

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
WAITS = [
    ("", _("any time")),
    (30, _("30 seconds")),
    (60, _("1 minute")),
    (120, _("2 minutes")),
    (300, _("5 minutes")),
    (600, _("10 minutes")),
    (1800, _("30 minutes")),
]


def midnight(day: date) -> datetime:
    """Its beginning where the viewer is."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())


class Day(forms.DateField):
    """A day, picked from a calendar."""

    def __init__(self, label: Any) -> None:
        limits = {"min": EARLIEST.isoformat(), "max": LATEST.isoformat()}
        super().__init__(
            label=label,
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **limits}),
            validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        )


class LotsForm(forms.Form):
    """A choice among the viewer's lots, and days."""

    lot = forms.ModelChoiceField(
        ParkingLot.objects.none(),
        required=False,
        label=_("Lot"),
        empty_label=_("All lots"),
        error_messages={"invalid_choice": _("There is no such lot, or you may not see it.")},
    )
    since = Day(_("From"))
    until = Day(_("To"))

    def __init__(self, data: Mapping[str, Any], lots: Iterable[ParkingLot]) -> None:
        super().__init__(data, label_suffix="")
        field = self.fields["lot"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = ParkingLot.objects.filter(pk__in=[lot.pk for lot in lots])

    def clean(self) -> dict[str, Any]:
        """Days must be in order."""
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", _("Choose a day that is not before the first one."))
        return values


class HistoryForm(LotsForm):
    """Which stays to list."""

    q = forms.CharField(
        required=False,
        max_length=100,
        label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Number, name, note …")}),
    )
    outcome = forms.ChoiceField(
        required=False,
        label=_("How it ended"),
        choices=[("", _("Any")), (OPEN, _("still waiting")), *ParkedCall.OUTCOMES],
    )
    waited = forms.TypedChoiceField(
        required=False, label=_("Waited longer than"), choices=WAITS, coerce=int, empty_value=None
    )
    caller = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    call = forms.CharField(required=False, max_length=150, widget=forms.HiddenInput)
    field_order = ("q", "lot", "outcome", "waited", "since", "until")

    @property
    def wanted(self) -> Wanted:
        """What was asked for; the form is valid."""
        values = self.cleaned_data
        since, until, lot = values["since"], values["until"], values["lot"]
        return Wanted(
            text=values["q"],
            lot=lot.pk if lot else None,
            outcome=values["outcome"],
            since=midnight(since) if since else None,
            until=midnight(until + timedelta(days=1)) if until else None,
            waited=values["waited"],
            caller=values["caller"],
            call=values["call"],
        )


class Period(models.TextChoices):
    """The periods of reports: whole days where the viewer is, today being the last."""

    TODAY = "today", _("Today")
    WEEK = "7", _("Last 7 days")
    MONTH = "30", _("Last 30 days")
    OWN = "own", _("From … to …")


class ReportForm(LotsForm):
    """Which report to make."""

    period = forms.ChoiceField(required=False, label=_("Period"), choices=Period.choices)
    field_order = ("period", "since", "until", "lot")

    def clean(self) -> dict[str, Any]:
        """A range of one's own needs both ends."""
        values = super().clean()
        values["period"] = values.get("period") or Period.WEEK
        if values["period"] == Period.OWN:
            for name in {"since", "until"} - self.errors.keys():
                if not values.get(name):
                    self.add_error(name, _("Choose a day."))
        return values

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of the period; the form is valid."""
        period, today = self.cleaned_data["period"], timezone.localdate()
        if period == Period.OWN:
            return self.cleaned_data["since"], self.cleaned_data["until"]
        back = 0 if period == Period.TODAY else int(period) - 1
        return today - timedelta(days=back), today
