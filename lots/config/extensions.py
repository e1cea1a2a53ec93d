"""``parkinglot_extensions.conf``: the dialplan of all lots."""

from lots.config.conf import EXTENSIONS, ConfFile, Section
from lots.config.setup import Setup


def extensions_file(setup: Setup) -> ConfFile:
    """Contexts phones include, contexts of each lot, and the routines they share."""
    del setup
    return ConfFile(EXTENSIONS, (Section("parkinglot", ()),))
