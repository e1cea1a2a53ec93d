"""Which stays somebody asks for, as a query."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, FloatField, Func, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.db.models.lookups import GreaterThanOrEqual

from dashboard.history.terms import Term, spellings, terms
from lots.models import ParkedCall

OPEN = "open"
"""Asked for like an outcome: callers who still wait."""
TEXTS = ("caller_name", "parker_name", "retriever_name", "came_name", "note", "for_name", "remark")
USERS = ("first_name", "last_name", "username")
NUMBERS = ("caller_digits", "parker_number", "retriever_number", "came_number")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; an empty field asks nothing."""

    text: str = ""
    lot: int | None = None
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is too late."""
    waited: int | None = None
    """Seconds a stay lasted at least."""
    caller: str = ""
    """A number exactly as Asterisk told it."""
    call: str = ""
    """A uniqueid: all stays of one call."""


class Epoch(Func):
    """A time as seconds since 1970, counted by the database: far quicker than as many datetimes."""

    output_field = FloatField()
    template = "((julianday(%(expressions)s) - 2440587.5) * 86400.0)"

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """The same there."""
        return super().as_sql(compiler, connection, template="EXTRACT(EPOCH FROM %(expressions)s)::double precision")


def within(lots: Collection[int]) -> QuerySet[ParkedCall]:
    """Stays in these lots and no others.

    The sum keeps the database from going lot by lot and sorting everything, instead of along the time.
    """
    if len(lots) == 1:
        return ParkedCall.objects.filter(lot__in=lots)
    return ParkedCall.objects.alias(own_lot=F("lot_id") + Value(0)).filter(own_lot__in=lots)


def stays(lots: Collection[int], wanted: Wanted, now: datetime) -> QuerySet[ParkedCall]:
    """The stays asked for, newest first, with whom they name. ``lots``: those the asker may see."""
    asked = lots if wanted.lot is None else {wanted.lot} & set(lots)
    query = within(asked).filter(_when(wanted), _how(wanted, now))
    if wanted.text:
        query = query.alias(caller_digits=_digits("caller_number"))
        for term in terms(wanted.text):
            query = query.filter(_about(term))
    return query.select_related("lot", "retrieved_by", "called_back_by").order_by("-parked_at", "-pk")


def _when(wanted: Wanted) -> Q:
    found = Q()
    if wanted.since:
        found &= Q(parked_at__gte=wanted.since)
    if wanted.until:
        found &= Q(parked_at__lt=wanted.until)
    return found


def _how(wanted: Wanted, now: datetime) -> Q:
    found = Q()
    if wanted.outcome:
        found &= Q(ended_at=None) if wanted.outcome == OPEN else Q(outcome=wanted.outcome)
    if wanted.waited is not None:
        found &= _lasted(wanted.waited, now)
    if wanted.caller:
        found &= Q(caller_number=wanted.caller)
    if wanted.call:
        found &= Q(uniqueid=wanted.call)
    return found


def _lasted(seconds: int, now: datetime) -> Q:
    still = Q(ended_at=None, parked_at__lte=now - timedelta(seconds=seconds))
    spans = GreaterThanOrEqual(Epoch("ended_at") - Epoch("parked_at"), float(seconds))
    return still | Q(spans, ended_at__isnull=False)


def _about(term: Term) -> Q:
    """``term`` stands in some text of the stay or, as a number, in some number of it."""
    columns = [*TEXTS, *(f"retrieved_by__{name}" for name in USERS)]
    found = _any(Q(**{f"{column}__icontains": text}) for column in columns for text in spellings(term.text))
    if term.digits:
        found |= _any(Q(**{f"{column}__contains": term.digits}) for column in NUMBERS)
    if term.whole:
        found |= Q(caller_digits__in=term.whole)
    return found


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)


def _digits(column: str) -> Replace:
    """The number without what people and trunks write between digits."""
    bare: Any = F(column)
    for sign in "+ -()./":
        bare = Replace(bare, Value(sign), Value(""))
    return bare  # type: ignore[no-any-return]  # the loop has run
