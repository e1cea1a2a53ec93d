"""The pages of administrators: one module a model."""

from lots.admin.lot import ParkingLotAdmin
from lots.admin.parked_call import ParkedCallAdmin
from lots.admin.pbx import PbxAdmin
from lots.admin.phone import PhoneAdmin

__all__ = ["ParkedCallAdmin", "ParkingLotAdmin", "PbxAdmin", "PhoneAdmin"]
