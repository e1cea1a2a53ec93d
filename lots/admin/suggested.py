"""What a new lot starts with."""

from typing import Any

from lots.config.gate import UnsafeValue
from lots.config.setup import Setup
from lots.config.suggest import suggest
from lots.models import ParkingLot, Pbx, Phone
from lots.publish.setup import setup_of


def suggested() -> dict[str, Any]:
    """The next free numbers of the first PBX."""
    pbx = Pbx.objects.order_by("pk").first()
    if pbx is None:
        return {}
    try:
        setup = setup_of(pbx)
    except UnsafeValue:
        setup = Setup()
    ranges = ParkingLot.objects.filter(pbx=pbx).values_list("first_slot", "last_slot")
    numbers = suggest(setup, ranges, Phone.objects.filter(pbx=pbx).values_list("number", flat=True))
    return {
        "pbx": pbx.pk,
        "park_code": numbers.park_code,
        "first_slot": numbers.first,
        "count": numbers.count,
    }
