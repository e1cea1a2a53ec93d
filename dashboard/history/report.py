"""A report: figures over a period, from the database."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db.models import Q

from dashboard.history.figures import Figures, Stay, figures, grouped, waits
from dashboard.history.full import full_seconds
from dashboard.history.stays import Epoch, within
from dashboard.history.words import party
from lots.bridge.facts import person
from lots.models import ParkingLot, Phone
from lots.types.changes import Outcome

LONGEST = timedelta(days=7)
"""Who was parked longer ago than this before a period, and left in it, is not looked for."""
HOURS = 24
Names = tuple[Mapping[int, str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot; ``full`` in seconds."""

    lot: ParkingLot
    figures: Figures
    full: float


@dataclass(frozen=True, slots=True)
class PersonLine:
    """How often somebody did it; an empty name: nobody knows who."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """All of it; lines in the order they are shown."""

    total: Figures
    lots: list[LotLine]
    hours: list[Figures]
    """By hour of the day where the viewer is, 0 to 23."""
    parkers: list[PersonLine]
    takers: list[PersonLine]


def report(lots: Sequence[ParkingLot], since: datetime, until: datetime, now: datetime, zone: ZoneInfo) -> Report:
    """Of the calls parked in ``lots`` from ``since`` on and before ``until``."""
    raw = _stays(lots, Q(parked_at__gte=since, parked_at__lt=until), _names())
    whole = waits(raw)
    hours = grouped(whole, lambda stay: datetime.fromtimestamp(stay.start, zone).hour)
    taken = [stay for stay in whole if stay.outcome == Outcome.RETRIEVED]
    return Report(
        total=figures(whole),
        lots=_lot_lines(lots, whole, raw + _before(lots, since), since.timestamp(), min(until, now).timestamp()),
        hours=[figures(hours.get(hour, [])) for hour in range(HOURS)],
        parkers=_people(whole, lambda stay: stay.parker),
        takers=_people(taken, lambda stay: stay.taker),
    )


def _lot_lines(
    lots: Sequence[ParkingLot], whole: Iterable[Stay], raw: Iterable[Stay], since: float, until: float
) -> list[LotLine]:
    waits_of, stays_of = grouped(whole, lambda stay: stay.lot), grouped(raw, lambda stay: stay.lot)
    return [
        LotLine(lot, figures(waits_of.get(lot.pk, [])), _full(lot, stays_of.get(lot.pk, []), since, until))
        for lot in lots
    ]


def _full(lot: ParkingLot, stays: Iterable[Stay], since: float, until: float) -> float:
    """With the slots the lot has now: what it had then nobody noted."""
    first, last = lot.live_range
    spans = ((stay.slot, stay.start, until if stay.end is None else stay.end) for stay in stays)
    return full_seconds(spans, last - first + 1, since, until)


def _people(stays: Iterable[Stay], who: Callable[[Stay], str]) -> list[PersonLine]:
    lines = [PersonLine(name, len(theirs)) for name, theirs in grouped(stays, who).items()]
    return sorted(lines, key=lambda line: (-line.count, line.name))


def _before(lots: Sequence[ParkingLot], since: datetime) -> list[Stay]:
    """Stays that began before the period and reach into it."""
    recent = _stays(lots, Q(parked_at__lt=since, parked_at__gte=since - LONGEST, ended_at__gt=since))
    still = _stays(lots, Q(ended_at=None))  # few; asked for their time too, the database would walk along all times
    return recent + [stay for stay in still if stay.start < since.timestamp()]


COLUMNS = (
    "lot",
    "slot",
    "uniqueid",
    Epoch("parked_at"),
    Epoch("ended_at"),
    "outcome",
    "parker_name",
    "parker_number",
    "parker_device",
    "retriever_name",
    "retriever_number",
    "retrieved_by",
)


def _names() -> Names:
    """Whoever has an account, by their primary key and by the numbers of their phones."""
    users = {user.pk: person(user) for user in User.objects.all()}
    owners: defaultdict[str, set[int]] = defaultdict(set)
    for number, owner in Phone.objects.exclude(owner=None).values_list("number", "owner"):
        owners[number].add(owner)
    return users, {number: users[next(iter(own))] for number, own in owners.items() if len(own) == 1}


def _stays(lots: Sequence[ParkingLot], which: Q, names: Names = ({}, {})) -> list[Stay]:
    query = within({lot.pk for lot in lots}).filter(which)
    return [_stay(values, names) for values in query.order_by().values_list(*COLUMNS)]


def _stay(values: tuple[Any, ...], names: Names) -> Stay:
    lot, slot, call, start, end, outcome, *who = values
    parker_name, parker_number, device, taker_name, taker_number, user = who
    users, owners = names
    parker = owners.get(parker_number) or party(parker_name, parker_number) or device
    taker = users.get(user) or owners.get(taker_number) or party(taker_name, taker_number)
    return Stay(lot, slot, call, start, end, outcome, parker, taker)
