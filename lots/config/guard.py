"""``parkinglot-guard``: a click of the board picks up the call that was drawn, or nothing."""

from lots.config.comeback_routines import LEFT_BY_A_PARK
from lots.config.conf import Section, routine
from lots.config.harmless import parked_in

GUARD = "parkinglot-guard"
EXPORT = "func_export"
"""Writes variables of other channels; came with Asterisk 16.30, 18.16 and 20.1."""


def hand_over(parked: str, lot: str) -> tuple[str | tuple[str, str], ...]:
    """Steps before ``ParkedCall``, which gets the label ``take``; ``parked`` is the parked channel's ``plain`` name.

    It forgets where, by whom and since when it was parked: kept, that would lead its next park to the old slot. And
    both sides get ``lot`` for parking by DTMF, which asks the channel (``find_channel_parking_lot_name``).
    """
    return (
        'GotoIf($["${CHANNEL(parkinglot)}" != ""]?other)',
        f"Set(CHANNEL(parkinglot)={lot})",
        ("other", f'GotoIf($["${{IFMODULE({EXPORT}.so)}}" != "1"]?take)'),
        *(f"Set(EXPORT({parked},{name})=)" for name in LEFT_BY_A_PARK),
        f'GotoIf($["${{IMPORT({parked},CHANNEL(parkinglot))}}" != ""]?take)',
        f"Set(EXPORT({parked},CHANNEL(parkinglot))={lot})",
    )


# PL_LOT, PL_SLOT and PL_UNIQUEID say which call was drawn; PL_NUMBER and PL_NAME are the receptionist's own.
# Another call in that slot, or none: hang up at once, with cause 26.
GUARD_SECTION = Section(
    GUARD,
    routine(
        "s",
        (
            f"Set(PL_PARKED={parked_in('${PL_SLOT}', '${PL_LOT}')})",
            'GotoIf($["${PL_PARKED}" = ""]?gone)',
            'GotoIf($["${IMPORT(${PL_PARKED},UNIQUEID)}" != "${PL_UNIQUEID}"]?gone)',
            "Set(CALLERID(num)=${PL_NUMBER})",
            "Set(CALLERID(name)=${PL_NAME})",
            *hand_over("${PL_PARKED}", "${PL_LOT}"),
            ("take", 'GotoIf($["${CHANNEL(channeltype)}" != "PJSIP" | "${TRANSFER_CONTEXT}" != ""]?pick-up)'),
            # a transfer by DTMF looks for the number in the channel's context, which is this one
            "Set(TRANSFER_CONTEXT=${PJSIP_ENDPOINT(${CHANNEL(endpoint)},context)})",
            ("pick-up", "ParkedCall(${PL_LOT},${PL_SLOT})"),
            ("gone", "Hangup(26)"),
        ),
    ),
)
