"""What people can order, by the kind of the order. One module per kind, or a few that belong together."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lots.bridge.commands.calling_back import CallBack
from lots.bridge.commands.claiming import GiveBack, Hold
from lots.bridge.commands.ending import EndCall
from lots.bridge.commands.moving import MoreTime, Move
from lots.bridge.commands.notifying import Answer, Notify
from lots.bridge.commands.noting import Note
from lots.bridge.commands.paging import Page, StopPage
from lots.bridge.commands.parking import MyCalls, Park
from lots.bridge.commands.saying import CanSay, Farewell
from lots.bridge.commands.sending import Send
from lots.bridge.commands.settling import Settle
from lots.bridge.commands.taking_next import TakeNext
from lots.bridge.retrieval import Retrieval

if TYPE_CHECKING:
    from lots.bridge.command import Command
    from lots.bridge.messages import Order
    from lots.bridge.service import Bridge


def _end(bridge: "Bridge", order: "Order") -> "Command":
    """Hung up on at once, or after a sentence."""
    return Farewell(bridge, order) if order.get("message") else EndCall(bridge, order)


KINDS: "dict[str, Callable[[Bridge, Order], Command]]" = {
    "retrieve": Retrieval,
    "take_next": TakeNext,
    "send": Send,
    "claim": Hold,
    "unclaim": GiveBack,
    "note": Note,
    "settle": Settle,
    "call_back": CallBack,
    "move": Move,
    "more_time": MoreTime,
    "end": _end,
    "can_say": CanSay,
    "calls": MyCalls,
    "park": Park,
    "notify": Notify,
    "seen": Answer,
    "page": Page,
    "stop_page": StopPage,
}
