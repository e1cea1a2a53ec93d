"""What every order has in common: it hears, may be stopped, tells how it goes, and ends in exactly one way."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import Error as DatabaseError

from lots.ami import ActionRefused
from lots.bridge import claims
from lots.bridge.lease import LeaseLost
from lots.bridge.messages import Order
from lots.bridge.originate import device_state
from lots.types import events
from lots.types.calls import Call
from lots.types.changes import Change, Resumed

if TYPE_CHECKING:
    from lots.bridge.service import Bridge

PATIENCE = 8.0
"""Seconds a page is sure to wait for the first word."""

RELEASE = 1.0
"""Seconds giving a claim back may take before the page hears how it went without it."""

REMINDED = 0.3
"""Seconds in which Asterisk parks a call again whose parker it reminds; it takes 3 to 10 ms."""

CANNOT_RING = {"INVALID": "phone_unknown", "UNAVAILABLE": "phone_unregistered", "BUSY": "phone_busy"}

NO_SUCH_CHANNEL = ("no such channel", "channel does not exist")
"""How Asterisk begins to say that a channel is gone."""

Heard = events.Event | Change
T = TypeVar("T")


class Failed(Exception):  # noqa: N818  (an ending, not an error of ours)
    """The order came to nothing: ``code`` of docs/protocol.md with its ``params``."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def refusal(order: Order, refused: ActionRefused) -> Failed:
    """A caller who hangs up at this very moment is no refusal of Asterisk's."""
    if order.get("uniqueid") and refused.message.lower().startswith(NO_SUCH_CHANNEL):
        return Failed("not_parked")
    return Failed("asterisk_refused", reason=str(refused))


@dataclass(frozen=True, slots=True)
class End:
    """How an order ended: ``state`` and ``code`` of docs/protocol.md, with the code's ``params``."""

    state: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)


def done(code: str, **params: Any) -> End:
    """The order is done."""
    return End("done", code, params)


class Command(ABC):
    """One order at work. ``heard`` is everything the bridge hears meanwhile; None wakes it to look at ``stopped``."""

    holds = False
    """Whether it does something with its call that no other order may do at the same time."""

    def __init__(self, bridge: "Bridge", order: Order) -> None:
        self.bridge = bridge
        self.order = order
        self.heard: asyncio.Queue[Heard | None] = asyncio.Queue()
        self.stopped = False

    def minds(self, uniqueid: str) -> bool:  # noqa: ARG002  (of those that ring)
        """Whether this order sees to it that the channel of ours ends."""
        return False

    @abstractmethod
    async def run(self) -> End:
        """Do what was ordered. Raises ``Failed``."""

    def cancel(self) -> None:
        """The person changed their mind."""
        self.stopped = True
        self.heard.put_nowait(None)

    async def report(self, state: str, code: str, **params: Any) -> None:
        """Tell the page how it goes."""
        await self.bridge.orders.report(self.order, state, code, **params)

    def still_there(self) -> Call:
        """The call that was drawn, as it is now. Raises ``Failed`` where it is not in that very slot."""
        if not self.bridge.link.is_up:
            raise Failed("link_lost")
        call = self.bridge.board.calls.get(self.order["uniqueid"])
        if call is None:
            raise Failed("not_parked")
        if call.place != (self.order["lot_name"], self.order["slot"]):
            raise Failed("moved")
        return call

    async def resumed(self) -> bool:
        """Whether the call is parked again at once: its parker was only reminded. What else is heard is kept."""
        kept: list[Heard | None] = []
        try:
            async with asyncio.timeout(REMINDED):
                while True:
                    heard = await self.heard.get()
                    if isinstance(heard, Resumed) and heard.call.uniqueid == self.order["uniqueid"]:
                        return True
                    kept.append(heard)
        except TimeoutError:
            return False
        finally:
            for heard in kept:
                self.heard.put_nowait(heard)

    async def claim(self) -> None:
        """Claim the call for the user. Raises ``Failed``: also where they themselves are at it already."""
        uniqueid = self.order["uniqueid"]
        if self.bridge.orders.is_held(self):
            raise Failed("busy_call")
        answer = await self.write(claims.claim, uniqueid, self.order["user"])
        if not answer.ours:
            raise Failed("claimed_by", by=answer.holder) if answer.holder else Failed("not_parked")

    async def release(self) -> None:
        """Give the call back. Where this cannot be written now the claim expires; how it went is told all the same."""
        with suppress(TimeoutError, LeaseLost, DatabaseError):
            async with asyncio.timeout(RELEASE):
                await self.bridge.write(
                    partial(claims.release, self.bridge.pbx, self.order["uniqueid"], self.order["user"])
                )

    async def is_in_slot(self, call: Call) -> None:
        """Asked of Asterisk itself at the last moment: who was just taken must not be torn out of their talk.

        ``PARK_GET_CHANNEL`` names the channel in the slot, and nothing once it is empty. Raises ``Failed``.
        """
        asked = f"PARK_GET_CHANNEL({call.slot},{call.lot})"
        reply = await self.bridge.link.send("Getvar", [("Variable", asked)])
        there = reply.headers.get("Value", "")
        if there != call.channel:
            raise Failed("moved" if there else "not_parked")

    async def wish_for(self, uniqueid: str, slot: int) -> None:
        """The slot this channel is parked in next; 0: any. A wish that is kept would lead a later park there too."""
        wish = [("Variable", "PARKINGEXTEN"), ("Value", str(slot or ""))]
        await self.bridge.link.send("Setvar", [("Channel", uniqueid), *wish])

    async def phone_can_ring(self) -> None:
        """Raises ``Failed`` where Asterisk says that the order's phone cannot."""
        phone = self.order["phone"]
        state = await device_state(self.bridge.link, phone["device"])
        if state in CANNOT_RING:
            raise Failed(CANNOT_RING[state], phone=phone["number"])

    async def write(self, act: Callable[..., T], *args: Any) -> T:
        """Run ``act(pbx, *args)`` as the only writer. Raises ``Failed`` when the database takes too long."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.bridge.write(partial(act, self.bridge.pbx, *args))  # type: ignore[type-var]
        except TimeoutError:  # the page has given up by now
            raise Failed("bridge_silent") from None
