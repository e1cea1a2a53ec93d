"""res_parking.conf and musiconhold.conf, as text."""

from lots.embedded.config import ParkingLot


def res_parking_conf(lots: tuple[ParkingLot, ...]) -> str:
    """Each lot in a context of its own; ``[default]`` is written, or Asterisk would invent one with extensions."""
    default = "[default]\nparkpos = 1-1\ncontext = parkinglot-native-default\n"
    return (
        "[general]\n\n" + default + "".join(_lot(lot) for lot in lots) + "\n#tryinclude parkinglot_res_parking.conf\n"
    )


def _lot(lot: ParkingLot) -> str:
    return f"""
[{lot.name}]
context = {lot.context}
parkext = {lot.park_code}
parkext_exclusive = yes
parkpos = {lot.first}-{lot.last}
parkingtime = {lot.timeout}
findslot = first
comebacktoorigin = yes
parkedmusicclass = default
"""


def musiconhold_conf(moh: str) -> str:
    """One class, from the directory ``moh``."""
    return f"""\
[default]
mode = files
directory = {moh}

#tryinclude parkinglot_musiconhold.conf
"""
