"""``parkinglot-guard``: a click of the board picks up the call that was drawn, or nothing."""

from lots.config.comeback_routines import LEFT_BY_A_PARK
from lots.config.conf import Section, routine

GUARD = "parkinglot-guard"
EXPORT = "func_export"
"""Writes variables of other channels; came with Asterisk 16.30, 18.16 and 20.1."""


def forget(parked: str) -> tuple[str | tuple[str, str], ...]:
    """Steps that make the channel named ``parked`` forget where, by whom and since when it was parked; label ``take``.

    Kept, they would lead the next park of that call to the old slot, and its return to the old parker.
    """
    before = f'GotoIf($["${{IFMODULE({EXPORT}.so)}}" != "1"]?take)'
    return (before, *(f"Set(EXPORT({parked},{name})=)" for name in LEFT_BY_A_PARK))


# PL_LOT, PL_SLOT and PL_UNIQUEID say which call was drawn; PL_NUMBER and PL_NAME are the receptionist's own.
# Another call in that slot, or none: hang up at once, with cause 26.
GUARD_SECTION = Section(
    GUARD,
    routine(
        "s",
        (
            "Set(PL_PARKED=${PARK_GET_CHANNEL(${PL_SLOT},${PL_LOT})})",
            'GotoIf($["${PL_PARKED}" = ""]?gone)',
            'GotoIf($["${IMPORT(${PL_PARKED},UNIQUEID)}" != "${PL_UNIQUEID}"]?gone)',
            "Set(CALLERID(num)=${PL_NUMBER})",
            "Set(CALLERID(name)=${PL_NAME})",
            *forget("${PL_PARKED}"),
            ("take", "ParkedCall(${PL_LOT},${PL_SLOT})"),
            ("gone", "Hangup(26)"),
        ),
    ),
)
