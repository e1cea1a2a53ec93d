"""A private Asterisk for ``make run``, tests and benchmarks: how it is got, configured, started, stopped.

    installation = ensure_asterisk(var_dir, say=Console())
    asterisk = EmbeddedAsterisk(installation, "demo", var_dir / "demo", AsteriskConfig(lots=..., phones=...))
    asterisk.start()

Linux only. Knows nothing of Django, and never looks at the host's /etc/asterisk.
"""

from lots.embedded.config import PUBLISH, RUNTIME, Account, AsteriskConfig, ParkingLot, Phone
from lots.embedded.errors import EmbeddedError
from lots.embedded.install import ensure_asterisk
from lots.embedded.installation import Installation
from lots.embedded.instance import EmbeddedAsterisk
from lots.embedded.progress import Console

__all__ = [
    "PUBLISH",
    "RUNTIME",
    "Account",
    "AsteriskConfig",
    "Console",
    "EmbeddedAsterisk",
    "EmbeddedError",
    "Installation",
    "ParkingLot",
    "Phone",
    "ensure_asterisk",
]
