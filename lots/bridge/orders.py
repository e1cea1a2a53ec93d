"""The orders people give, each a task of its own, and what each must hear."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lots.bridge.messages import Order, Progress
from lots.bridge.retrieval import Retrieval
from lots.types import events
from lots.types.changes import Change

if TYPE_CHECKING:
    from lots.bridge.service import Bridge

log = logging.getLogger(__name__)


class Orders:
    """Running orders of one bridge."""

    def __init__(self, bridge: "Bridge") -> None:
        self.bridge = bridge
        self.retrievals: dict[tuple[str, str], Retrieval] = {}
        self.tasks: set[asyncio.Task[None]] = set()

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
        retrieval = self.retrievals[key] = Retrieval(self.bridge, order)
        try:
            await retrieval.run()
        finally:
            del self.retrievals[key]

    def _cancel(self, order: Order) -> None:
        if retrieval := self.retrievals.get((order["socket"], order["command"])):
            retrieval.cancel()

    def takers(self) -> Mapping[str, int]:
        """The user behind each channel being rung, by the channel's uniqueid."""
        return {r.channel_id: r.order["user"] for r in self.retrievals.values()}

    def hear(self, heard: Sequence[events.Event], changes: Sequence[Change]) -> None:
        """Pass on what was heard, after it has been written down."""
        for retrieval in self.retrievals.values():
            for item in (*heard, *changes):
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
            await self.bridge.layer.send(order["reply_to"], message)
        except Exception:
            log.exception("Cannot tell the page how its order went.")
