"""How long the past is kept: names go after some days, whole rows after more. What is open is never touched."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Model, Q, QuerySet

from lots.models import Act, DoorTry, Notice, ParkedCall

AT_ONCE = 500
"""Rows changed by one transaction: the bridge, which writes live calls, never waits long for its turn."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of the past: when one was over, and what in it tells of people."""

    model: type[Model]
    over: str
    texts: tuple[str, ...]
    people: tuple[str, ...] = ()
    only: Q = field(default_factory=Q)

    def before(self, moment: datetime) -> "QuerySet[Any]":
        """Those that were over before ``moment``."""
        rows: QuerySet[Any] = self.model._default_manager.all()  # noqa: SLF001  (documented API)
        return rows.filter(self.only, **{f"{self.over}__lt": moment}).order_by("pk")

    @property
    def telling(self) -> Q:
        """Rows that still tell of people."""
        texts = [~Q(**{name: ""}) for name in self.texts]
        return reduce(or_, [*texts, *(Q(**{f"{name}__isnull": False}) for name in self.people)])

    @property
    def silent(self) -> dict[str, str | None]:
        """The values that tell nothing."""
        return dict.fromkeys(self.texts, "") | dict.fromkeys(self.people)


KEPT = (
    Kept(Notice, "at", ("to_name", "from_name", "text"), ("to_user", "from_user", "to_phone"), ~Q(call__ended_at=None)),
    Kept(
        ParkedCall,
        "ended_at",
        (
            *("caller_number", "caller_name", "channel", "note", "for_name", "remark"),
            *("parker_number", "parker_name", "parker_device"),
            *("retriever_number", "retriever_name", "retriever_channel"),
            *("came_number", "came_name"),
        ),
        ("retrieved_by", "claimed_by", "called_back_by", "for_phone"),
    ),
    Kept(Act, "at", ("user_name", "caller", "detail"), ("user",)),
    Kept(DoorTry, "at", ("caller",)),
)
"""All that tells of calls. Notices come first: they go with their call, and would not be counted."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was done to the rows of one model, or would be."""

    model: type[Model]
    deleted: int
    silenced: int


def tidy(now: datetime, *, really: bool) -> Iterator[Tidied]:
    """Delete and silence as the settings say, model by model. Not ``really``: only count."""
    forgotten, silenced = _ago(now, settings.HISTORY_DAYS), _ago(now, settings.ANONYMISE_DAYS)
    for kept in KEPT:
        old = kept.before(forgotten) if forgotten else None
        telling = kept.before(silenced).filter(kept.telling) if silenced else None
        if telling is not None and forgotten:
            telling = telling.filter(**{f"{kept.over}__gte": forgotten})
        yield Tidied(kept.model, _delete(old, really), _silence(telling, kept.silent, really))


def _ago(now: datetime, days: int) -> datetime | None:
    """None: never."""
    return now - timedelta(days=days) if days else None


def _delete(rows: "QuerySet[Any] | None", really: bool) -> int:
    if rows is None or not really:
        return 0 if rows is None else rows.count()
    return sum(_all_deleted(rows, keys) for keys in _pieces(rows))


def _all_deleted(rows: "QuerySet[Any]", keys: list[int]) -> int:
    rows.filter(pk__in=keys).delete()
    return len(keys)


def _silence(rows: "QuerySet[Any] | None", values: dict[str, str | None], really: bool) -> int:
    if rows is None or not really:
        return 0 if rows is None else rows.count()
    return sum(rows.filter(pk__in=keys).update(**values) for keys in _pieces(rows))


def _pieces(rows: "QuerySet[Any]") -> Iterator[list[int]]:
    """Primary keys of all rows, some at a time; the rows may be changed meanwhile."""
    last = 0
    while keys := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        last = keys[-1]
        yield keys
