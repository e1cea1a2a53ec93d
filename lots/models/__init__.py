"""What the portal remembers."""

from lots.models.lot import ParkingLot
from lots.models.parked_call import ParkedCall
from lots.models.pbx import Pbx
from lots.models.phone import Phone

__all__ = ["ParkedCall", "ParkingLot", "Pbx", "Phone"]
