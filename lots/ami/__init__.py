"""The wire to Asterisk: AMI text in, ``lots.types`` out, and actions on the way back.

panoramisk is the codec; connecting, logging in, liveness, order, and time limits are ours.
"""

from lots.ami.address import AmiAddress
from lots.ami.client import AmiClient
from lots.ami.errors import AccountRefused, ActionRefused, ActionTimedOut, AmiError, Disconnected, UnsafeValue
from lots.ami.filters import OWN_CHANNEL_PREFIX
from lots.ami.link import AmiLink
from lots.ami.message import Reply
from lots.ami.timing import Timing, now_utc

__all__ = [
    "OWN_CHANNEL_PREFIX",
    "AccountRefused",
    "ActionRefused",
    "ActionTimedOut",
    "AmiAddress",
    "AmiClient",
    "AmiError",
    "AmiLink",
    "Disconnected",
    "Reply",
    "Timing",
    "UnsafeValue",
    "now_utc",
]
