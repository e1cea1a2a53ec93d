"""How often a caller was parked in this lot today before: counted once, when they are parked. Only the bridge asks."""

from datetime import datetime, time

from django.utils import timezone

from lots.models import ParkedCall, ParkingLot

MOST = 99
"""Counted no further."""
WITHHELD = frozenset({"anonymous", "unknown", "restricted", "private", "unavailable", "withheld", "blocked"})


def is_somebody(number: str) -> bool:
    """Whether ``number`` tells one caller from another: withheld ones are all alike, and nobody's."""
    sure = number.strip().casefold()
    return any(sign.isalnum() and sign != "0" for sign in sure) and sure not in WITHHELD


def calls_today(lot: ParkingLot, number: str, uniqueid: str, parked_at: datetime) -> int:
    """Other calls of ``number`` in ``lot`` since midnight, by the portal's clock. A call that moved is one call."""
    if not is_somebody(number):
        return 0
    day = timezone.localtime(parked_at).date()
    midnight = timezone.make_aware(datetime.combine(day, time.min))
    rows = ParkedCall.objects.filter(caller_number=number, lot=lot, parked_at__gte=midnight, parked_at__lte=parked_at)
    others = rows.exclude(uniqueid=uniqueid).order_by().values("uniqueid").distinct()
    return others[:MOST].count()
