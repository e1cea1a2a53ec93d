"""Stays and figures as files for a spreadsheet. What a caller is called never becomes a formula."""

import csv
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from channels.db import database_sync_to_async
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.history.words import answerer, parker, taker
from lots.bridge.facts import person
from lots.models import ParkedCall

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is a formula to some spreadsheet; an apostrophe before it makes it text."""
MARK = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""
AT_ONCE = 1000
"""Rows read by one query."""


def cell(value: object) -> str:
    """The text of a cell, harmless."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def lines(rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV (RFC 4180)."""
    page = StringIO()
    csv.writer(page).writerows([[cell(value) for value in row] for row in rows])
    return page.getvalue()


def attachment(name: str) -> dict[str, str]:
    """Headers of a file with today's date in its name."""
    name = f"{name}-{timezone.localdate():%Y-%m-%d}.csv"
    return {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": f'attachment; filename="{name}"'}


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """ISO 8601 with the zone's offset, in whole seconds."""
    return at.astimezone(zone).isoformat(timespec="seconds") if at else ""


def head() -> list[str]:
    """The columns, in the language of now."""
    return [
        _("Parked at"),
        _("Lot"),
        _("Slot"),
        _("Caller's name"),
        _("Caller's number"),
        _("Parked by"),
        _("Ended at"),
        _("Waited, seconds"),
        _("How it ended"),
        _("Taken by"),
        _("For whom"),
        _("Note"),
        _("What became of it"),
        _("When that was"),
        _("Who answered"),
        _("Settled at"),
        _("Settled by"),
        _("Remark"),
    ]


def cells(call: ParkedCall, zone: ZoneInfo, endings: Mapping[str, str]) -> list[object]:
    """A stay below ``head``."""
    return [
        moment(call.parked_at, zone),
        call.lot.label,
        call.slot,
        call.caller_name,
        call.caller_number,
        parker(call),
        moment(call.ended_at, zone),
        call.waited_seconds,
        endings.get(call.outcome, call.outcome),
        taker(call),
        call.for_name,
        call.note,
        endings.get(call.came, call.came) if call.came else "",
        moment(call.came_at, zone),
        answerer(call),
        moment(call.called_back_at, zone),
        person(call.called_back_by) if call.called_back_by else "",
        call.remark,
    ]


async def sheet(
    query: QuerySet[ParkedCall], zone: ZoneInfo, titles: Sequence[str], endings: Mapping[str, str]
) -> AsyncIterator[str]:
    """The stays of ``query`` (newest first), read and sent piece by piece.

    Words are given: nobody's language holds any more when this runs.
    """
    yield MARK + lines([titles])
    last: ParkedCall | None = None
    while calls := await _next(query, last):
        yield lines(cells(call, zone, endings) for call in calls)
        last = calls[-1]


def _read(query: QuerySet[Any], last: ParkedCall | None) -> list[ParkedCall]:
    """The stays after ``last``: found by their time, so that the last are as quick as the first."""
    if last:
        later = Q(parked_at__lt=last.parked_at) | Q(pk__lt=last.pk)
        query = query.filter(later, parked_at__lte=last.parked_at)
    return list(query[:AT_ONCE])


_next = database_sync_to_async(_read)
