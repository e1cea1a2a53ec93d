"""``parkinglot_res_parking.conf``: what Asterisk's own parking must know of each lot."""

from lots.config.conf import PARKING, ConfFile, Line, Section, option
from lots.config.setup import Lot, Setup, Side

COMEBACK = "parkinglot-comeback"


def parking_file(setup: Setup) -> ConfFile:
    """``[default]`` is written without ``parkext``: left out, Asterisk would invent one with extensions of its own."""
    default = Section("default", (option("parkpos", "1-1"), option("context", "parkinglot-native-default")))
    return ConfFile(PARKING, (default, *(_section(lot) for lot in setup.lots)))


def _section(lot: Lot) -> Section:
    lines = [
        option("context", lot.native_context),
        option("parkext", lot.park_code),
        option("parkext_exclusive", "yes"),
        option("parkpos", f"{lot.first}-{lot.last}"),
        option("findslot", "next" if lot.next_slot else "first"),
        option("parkingtime", lot.reminder or lot.timeout),
        option("comebacktoorigin", "no"),
        option("comebackcontext", f"{COMEBACK}-{lot.name}"),
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
