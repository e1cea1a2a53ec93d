"""What the portal remembers."""

from lots.models.act import Act
from lots.models.backup import BackupMade
from lots.models.door import DoorTry
from lots.models.lot import ParkingLot
from lots.models.lot_parts import FallbackStep, LotRight, OutsideNumber, SlotName
from lots.models.music import AudioFile, HoldMusic, MusicTrack
from lots.models.notice import Notice
from lots.models.paging import PagingZone
from lots.models.parked_call import ParkedCall
from lots.models.pbx import Pbx
from lots.models.phone import Phone
from lots.models.publication import Publication
from lots.models.wall import WallScreen

__all__ = [
    "Act",
    "AudioFile",
    "BackupMade",
    "DoorTry",
    "FallbackStep",
    "HoldMusic",
    "LotRight",
    "MusicTrack",
    "Notice",
    "OutsideNumber",
    "PagingZone",
    "ParkedCall",
    "ParkingLot",
    "Pbx",
    "Phone",
    "Publication",
    "SlotName",
    "WallScreen",
]
