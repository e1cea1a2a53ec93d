"""A report as the page shows it and as a file holds it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from dashboard.history.charts import Column, columns, top, width
from dashboard.history.figures import Figures
from dashboard.history.report import PersonLine, Report
from dashboard.history.words import MINUTE, count, span

SHOWN = 15
"""People shown; the file has all."""
COUNTS = ("parked", "retrieved", "timed_out", "abandoned")
EVERY = 3
"""Hours between two labels below the picture."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its name and figures as texts."""

    name: str
    parked: int
    retrieved: int
    timed_out: int
    abandoned: int
    other: int
    share: str
    median: str
    long: str
    full: str = ""
    bar: str = ""
    """Width of the bar, in hundredths."""


def line(name: str, of: Figures, highest: int = 0, full: float | None = None) -> Line:
    """``of`` in words; the bar is as long as its part of ``highest``."""
    return Line(
        name=name,
        parked=of.parked,
        retrieved=of.retrieved,
        timed_out=of.timed_out,
        abandoned=of.abandoned,
        other=of.other,
        share=percent(of.abandoned_share),
        median=span(of.median),
        long=span(of.long),
        full="" if full is None else span(full),
        bar=width(of.parked, highest),
    )


def percent(share: float | None) -> str:
    """``0.125`` is "12.5 %"."""
    return "–" if share is None else _("%s %%") % number_format(100 * share, 1)


def hour_name(hour: int) -> str:
    """``9`` is "09:00"."""
    return f"{hour:02d}:00"


def shown(report: Report) -> dict[str, Any]:
    """What the page's template needs."""
    most = max((each.figures.parked for each in report.lots), default=0)
    return {
        "total": line("", report.total),
        "counts": {name: count(getattr(report.total, name)) for name in COUNTS},
        "lots": [line(each.lot.label, each.figures, most, each.full) for each in report.lots],
        "hours": [line(hour_name(hour), of) for hour, of in enumerate(report.hours)],
        "columns": _named(columns(report.hours), report.hours),
        "axis": count(top(max(of.parked for of in report.hours))),
        "ticks": [f"{hour:02d}" for hour in range(0, len(report.hours), EVERY)],
        "parkers": _people(report.parkers),
        "takers": _people(report.takers),
    }


def _named(made: Iterable[Column], hours: Sequence[Figures]) -> list[tuple[str, Column]]:
    words = _("%(hour)s: %(parked)d parked, %(abandoned)d hung up")
    facts = ({"hour": hour_name(hour), "parked": of.parked, "abandoned": of.abandoned} for hour, of in enumerate(hours))
    return [(words % fact, column) for fact, column in zip(facts, made, strict=True)]


def _people(people: Sequence[PersonLine]) -> dict[str, Any]:
    most = people[0].count if people else 0
    return {
        "lines": [(each.name or _("unknown"), count(each.count), width(each.count, most)) for each in people[:SHOWN]],
        "rest": count(sum(each.count for each in people[SHOWN:])) if people[SHOWN:] else "",
    }


def table(report: Report) -> list[list[object]]:
    """All figures, one row each: spans in seconds, shares from 0 to 1."""
    return [
        _head(),
        _row(_("all"), "", report.total),
        *(_row(_("lot"), each.lot.label, each.figures, each.full) for each in report.lots),
        *(_row(_("hour of the day"), hour_name(hour), of) for hour, of in enumerate(report.hours)),
        *([_("parked by"), each.name or _("unknown"), each.count] for each in report.parkers),
        *([_("taken by"), each.name or _("unknown"), "", each.count] for each in report.takers),
    ]


def _head() -> list[object]:
    return [
        _("Of"),
        _("Name"),
        _("Parked"),
        _("Retrieved"),
        _("Timed out"),
        _("Hung up"),
        _("Otherwise"),
        _("Share that hung up"),
        _("Median wait, seconds"),
        _("95 % waited at most, seconds"),
        _("Full, minutes"),
    ]


def _row(of: str, name: str, made: Figures, full: float | None = None) -> list[object]:
    counts = [made.parked, made.retrieved, made.timed_out, made.abandoned, made.other]
    share = "" if made.abandoned_share is None else f"{made.abandoned_share:.4f}"
    spans = ["" if value is None else f"{value:.0f}" for value in (made.median, made.long)]
    return [of, name, *counts, share, *spans, "" if full is None else f"{full / MINUTE:.1f}"]
