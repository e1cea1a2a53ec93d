"""Stays of callers in slots, made as the past has left them."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from lots.models import ParkedCall, ParkingLot

_number = count(1)
NOON = datetime(2025, 11, 25, 12, tzinfo=UTC)


def stay(lot: ParkingLot, parked_at: datetime = NOON, seconds: float | None = 60, **fields: Any) -> ParkedCall:
    """A stay of ``seconds``, retrieved unless said otherwise; None: still there."""
    ended = None if seconds is None else parked_at + timedelta(seconds=seconds)
    values = {
        "slot": lot.first_slot,
        "uniqueid": f"1764000000.{next(_number)}",
        "caller_name": "Maria Keller",
        "caller_number": "+493012345",
        "parker_name": "Tom Front",
        "parker_number": "203",
        "outcome": "" if ended is None else "retrieved",
        **fields,
    }
    return ParkedCall.objects.create(lot=lot, parked_at=parked_at, ended_at=ended, **values)
