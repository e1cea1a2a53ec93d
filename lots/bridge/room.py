"""Whether somebody can be parked somewhere: as the board believes, or as Asterisk says at this moment."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lots.ami import translate
from lots.board.state import Board, occupants
from lots.bridge.command import Failed

if TYPE_CHECKING:
    from lots.bridge.service import Bridge


def room(board: Board, lot: str, slot: int) -> None:
    """Whether somebody can be parked there; ``slot`` 0: in any slot. Raises ``Failed``."""
    found = board.lots.get(lot)
    if found is None:
        raise Failed("no_such_lot")
    taken = occupants(board, lot)
    if slot and not found.first <= slot <= found.last:
        raise Failed("no_such_slot", to_slot=slot)
    if slot and slot in taken:
        raise Failed("slot_taken", to_slot=slot)
    if len([used for used in taken if found.first <= used <= found.last]) > found.last - found.first:
        raise Failed("lot_full")


async def board_now(bridge: "Bridge") -> Board:
    """What Asterisk says itself: the board may not have heard yet of who came first, or of a lot that shrank."""
    lots = (await bridge.link.send("Parkinglots")).items
    calls = (await bridge.link.send("ParkedCalls")).items
    return Board(
        link=bridge.board.link,
        lots={lot.name: lot for lot in map(translate.lot, lots)},
        calls={call.uniqueid: call for call in (translate.call(one, datetime.now(UTC)) for one in calls)},
    )
