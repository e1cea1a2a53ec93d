"""``parkinglot_res_parking.conf``: what Asterisk's own parking must know of each lot."""

from lots.config.comeback import comeback_context, first_wait
from lots.config.conf import PARKING, ConfFile, Line, Section, option
from lots.config.setup import Lot, Setup, Side

MOST_NATIVE = 200
"""Lots up to which each gets extensions of Asterisk's own (parking by DTMF, ``K`` and ``k`` of Dial, needs them).

Every reload takes them away lot by lot, each time walking the whole dialplan (``parking_lot_cfg_remove_extensions`` in
res_parking.c): seen on Asterisk 22, eight seconds for 1,000 lots, and none for lots without.
"""


def parking_file(setup: Setup) -> ConfFile:
    """``[default]`` is written, but empty: left out, Asterisk would invent one with extensions of its own.

    A section that comes twice is merged, so a ``[default]`` the PBX has already stays as it is.
    """
    native = len(setup.lots) <= MOST_NATIVE
    lots = tuple(_section(lot, native=native) for lot in setup.lots)
    has_default = any(lot.name == "default" for lot in setup.lots)
    return ConfFile(PARKING, lots if has_default else (Section("default", ()), *lots))


def _section(lot: Lot, *, native: bool) -> Section:
    lines = [
        option("context", lot.native_context),
        *([option("parkext", lot.park_code), option("parkext_exclusive", "yes")] if native else []),
        option("parkpos", f"{lot.first}-{lot.last}"),
        option("findslot", "next" if lot.next_slot else "first"),
        option("parkingtime", first_wait(lot)),
        option("comebacktoorigin", "no"),
        option("comebackcontext", comeback_context(lot.name)),
        *_after_pickup(lot),
    ]
    if lot.music:
        lines.append(option("parkedmusicclass", lot.music))
    return Section(lot.name, tuple(lines), owner=f"lot:{lot.name}")


def _after_pickup(lot: Lot) -> list[Line]:
    rights = (("parkedcalltransfers", lot.transfers), ("parkedcallreparking", lot.reparking))
    lines = [option(name, side.value) for name, side in rights if side is not Side.NO]
    if lot.courtesy_tone:
        lines += [option("courtesytone", lot.courtesy_tone), option("parkedplay", lot.courtesy_to.value)]
    return lines
