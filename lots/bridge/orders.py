"""The orders people give, each a task of its own, and what each must hear."""

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lots.bridge.messages import Order, Progress
from lots.bridge.retrieval import Retrieval
from lots.types import events
from lots.types.changes import Change

if TYPE_CHECKING:
    from lots.bridge.service import Bridge

log = logging.getLogger(__name__)

REMEMBERED = 500
"""Channels whose user is remembered."""
LAYER = 5.0
"""Seconds a message to a web process may take."""


class Orders:
    """Running orders of one bridge."""

    def __init__(self, bridge: "Bridge") -> None:
        self.bridge = bridge
        self.retrievals: dict[tuple[str, str], Retrieval] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.rung: dict[str, int] = {}
        """The user behind each channel rung lately, by the channel's uniqueid."""

    def take(self, order: Order) -> None:
        """Begin ``order``. Never raises: an order that fails says so to who gave it."""
        task = asyncio.get_running_loop().create_task(self._run(order), name=f"order {order['kind']}")
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _run(self, order: Order) -> None:
        try:
            if order["kind"] == "retrieve":
                await self._retrieve(order)
            elif order["kind"] == "cancel":
                self._cancel(order)
            elif extra := self.bridge.extras.get(order["kind"]):
                await extra(self.bridge, order)
            else:
                await self.report(order, "failed", "bad_request")
        except Exception:
            log.exception("Order %s failed.", order["kind"])
            await self.report(order, "failed", "asterisk_refused", reason="internal error")

    async def _retrieve(self, order: Order) -> None:
        device = order["phone"]["device"]
        if any(other.order["phone"]["device"] == device for other in self.retrievals.values()):
            await self.report(order, "failed", "busy_already")
            return
        key = (order["socket"], order["command"])
        if key in self.retrievals:
            await self.report(order, "failed", "bad_request")
            return
        retrieval = self.retrievals[key] = Retrieval(self.bridge, order)
        self._remember(retrieval.channel_id, order["user"])
        try:
            await retrieval.run()
        finally:
            del self.retrievals[key]

    def _cancel(self, order: Order) -> None:
        if retrieval := self.retrievals.get((order["socket"], order["command"])):
            retrieval.cancel()

    def _remember(self, channel_id: str, user: int) -> None:
        """Longer than the retrieval runs: a slow database may write its end later."""
        self.rung[channel_id] = user
        while len(self.rung) > REMEMBERED:
            del self.rung[next(iter(self.rung))]

    def hear(self, heard: Sequence[events.Event | Change]) -> None:
        """Pass on what was heard and what it changed, in that order of sense: a change before its event."""
        for retrieval in self.retrievals.values():
            for item in heard:
                retrieval.heard.put_nowait(item)

    async def report(self, order: Order, state: str, code: str, **params: Any) -> None:
        """Tell the page that gave ``order``."""
        progress: Progress = {
            "command": order["command"],
            "state": state,
            "code": code,
            "lot": order.get("lot"),
            "slot": order.get("slot"),
            "params": params,
        }
        message = {"type": "progress", "socket": order["socket"], "progress": progress}
        try:
            async with asyncio.timeout(LAYER):
                await self.bridge.layer.send(order["reply_to"], message)
        except Exception:
            log.exception("Cannot tell the page how its order went.")
