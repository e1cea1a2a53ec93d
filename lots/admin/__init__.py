"""The pages of administrators: one module a model."""

from lots.admin.act import ActAdmin
from lots.admin.checks import page as checks_page
from lots.admin.door import DoorTryAdmin
from lots.admin.lot import ParkingLotAdmin
from lots.admin.music import HoldMusicAdmin
from lots.admin.paging import PagingZoneAdmin
from lots.admin.parked_call import ParkedCallAdmin
from lots.admin.pbx import PbxAdmin
from lots.admin.people import PersonAdmin, RoleAdmin
from lots.admin.phone import PhoneAdmin
from lots.admin.phone_keys import page as phone_keys_page
from lots.admin.publication import PublicationAdmin
from lots.admin.recording import RecordingAdmin
from lots.admin.setup_file import page as setup_file_page
from lots.admin.takeover import page as takeover_page
from lots.admin.wall import WallScreenAdmin

__all__ = [
    "ActAdmin",
    "DoorTryAdmin",
    "HoldMusicAdmin",
    "PagingZoneAdmin",
    "ParkedCallAdmin",
    "ParkingLotAdmin",
    "PbxAdmin",
    "PersonAdmin",
    "PhoneAdmin",
    "PublicationAdmin",
    "RecordingAdmin",
    "RoleAdmin",
    "WallScreenAdmin",
    "checks_page",
    "phone_keys_page",
    "setup_file_page",
    "takeover_page",
]
