"""Claims: one colleague at a time may take a call. A claim is a conditional update of one row, and it expires."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from lots.bridge.facts import person
from lots.bridge.ledger import Touched, revise
from lots.bridge.messages import News
from lots.models import ParkedCall, Pbx

LONGEST = timedelta(seconds=60)
"""A claim outlives the ringing of a phone, and nothing else: a dead bridge leaves none behind for long."""
HELD = timedelta(minutes=2)
"""How long "I'm on it" lasts."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer: ``ours``, or who else holds the call (``""``: no such call). ``news`` is for the boards."""

    ours: bool
    holder: str
    news: list[News]


@transaction.atomic
def claim(pbx: Pbx, uniqueid: str, user: int, long: timedelta = LONGEST) -> Claim:
    """Claim the call for ``user`` unless somebody else holds it."""
    now = timezone.now()
    rows = _open(pbx, uniqueid)
    free = Q(claimed_by=None) | _over(now) | Q(claimed_by=user)
    if rows.filter(free).update(claimed_by=user, claim_until=now + long):
        return Claim(ours=True, holder="", news=_news(pbx, uniqueid))
    row = rows.select_related("claimed_by").first()
    return Claim(ours=False, holder=person(row.claimed_by) if row and row.claimed_by else "", news=[])


@transaction.atomic
def release(pbx: Pbx, uniqueid: str, user: int) -> list[News]:
    """Give the call back to all. One that timed out meanwhile is still claimed: it might have been resumed."""
    rows = ParkedCall.objects.filter(lot__pbx=pbx, uniqueid=uniqueid, claimed_by=user)
    return _news(pbx, uniqueid) if rows.update(claimed_by=None, claim_until=None) else []


@transaction.atomic
def release_all(pbx: Pbx) -> None:
    """Claims of a bridge that is gone mean nothing: nobody rings a phone for them any more."""
    ParkedCall.objects.filter(lot__pbx=pbx).exclude(claimed_by=None).update(claimed_by=None, claim_until=None)


@transaction.atomic
def sweep(pbx: Pbx) -> list[News]:
    """Take back the claims that have expired, and tell the boards: nothing else would."""
    due = ParkedCall.objects.filter(_over(timezone.now()), lot__pbx=pbx, ended_at=None)
    touched: Touched = defaultdict(set)
    for row in due:
        touched[row.lot_id].add(row.slot)
    due.update(claimed_by=None, claim_until=None)
    return revise(touched)


def _over(now: datetime) -> Q:
    """Expired; or from before the clock was set back, for no claim lasts longer than ``HELD``."""
    return Q(claim_until__lte=now) | Q(claim_until__gt=now + HELD)


def _open(pbx: Pbx, uniqueid: str) -> models.QuerySet[ParkedCall]:
    return ParkedCall.objects.filter(lot__pbx=pbx, uniqueid=uniqueid, ended_at=None)


def _news(pbx: Pbx, uniqueid: str) -> list[News]:
    touched: Touched = defaultdict(set)
    for row in _open(pbx, uniqueid):
        touched[row.lot_id].add(row.slot)
    return revise(touched)
