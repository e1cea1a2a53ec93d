"""``parkinglot_extensions.conf``: the dialplan of all lots."""

from dataclasses import replace

from lots.config.comeback import COMEBACK_ROUTINES, comeback_sections
from lots.config.conf import EXTENSIONS, LEAVING, ConfFile, Section, include
from lots.config.guard import GUARD_SECTION
from lots.config.outside import OUTSIDE_ROUTINES, outside_sections
from lots.config.public import COMMON, public_section
from lots.config.routines import CALLS_SECTION
from lots.config.setup import Setup


def extensions_file(setup: Setup) -> ConfFile:
    """Contexts phones include, contexts of each lot, and the routines they share."""
    by_name = {lot.name: lot for lot in setup.lots}
    common = Section(COMMON, tuple(include(lot.public_context) for lot in setup.lots if not lot.separate))
    each = [section for lot in setup.lots for section in (public_section(lot, by_name), *comeback_sections(lot))]
    each += [
        replace(section, owner=f"{LEAVING}{lot.name}") for lot in setup.leaving for section in comeback_sections(lot)
    ]
    shared = (GUARD_SECTION, CALLS_SECTION, *COMEBACK_ROUTINES, *OUTSIDE_ROUTINES)
    return ConfFile(EXTENSIONS, (common, *each, *outside_sections(setup), *shared))
