"""The orders people give, each a task of its own, and what each must hear."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from lots.ami import ActionRefused, AmiError
from lots.bridge import acts, legs
from lots.bridge.channels import Channels
from lots.bridge.command import Command, End, Failed, refusal
from lots.bridge.commands import KINDS
from lots.bridge.messages import Order, Progress
from lots.telemetry import journal
from lots.telemetry.figures import COMMANDS
from lots.telemetry.logs import about
from lots.types import events
from lots.types.changes import Change

if TYPE_CHECKING:
    from lots.bridge.service import Bridge

Kind = Callable[["Bridge", Order], Command]

log = logging.getLogger(__name__)

REMEMBERED = 500
"""Channels whose user is remembered."""
LAYER = 5.0
"""Seconds a message to a web process may take."""


class Orders:
    """Running orders of one bridge."""

    def __init__(self, bridge: "Bridge") -> None:
        self.bridge = bridge
        self.running: dict[tuple[str, str], Command] = {}
        """By socket and the page's own name of the command."""
        self.paged: dict[int, float] = {}
        """When each paging zone was last used, by the monotonic clock."""
        self.channels = Channels(bridge)
        self.moving: set[str] = set()
        """Uniqueids of parked calls that are parked anew just now: their leaving is no leaving."""
        self.pulled: dict[str, str] = {}
        """Calls that are taken out of their way back just now, by uniqueid, and by whom."""
        self.tasks: set[asyncio.Task[None]] = set()
        self.rung: dict[str, int | None] = {}
        """The user behind each channel rung lately, by the channel's uniqueid."""

    def take(self, order: Order) -> None:
        """Begin ``order``. Never raises: an order that fails says so to who gave it."""
        self._start(self._take(order), f"order {order['kind']}")

    def sweep(self) -> None:
        """End what rings for no order any more: of a bridge that was stopped, or from before the link was lost."""
        self._start(legs.sweep(self.bridge), "sweep")

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _take(self, order: Order) -> None:
        if order["kind"] == "cancel":
            self._cancel(order)
        elif kind := KINDS.get(order["kind"]) or self.bridge.extras.get(order["kind"]):
            with about(**journal.order_fields(self.bridge.pbx.name, order)):
                await self._run(order, kind)
        else:
            await self.report(order, "failed", "bad_request")

    async def _run(self, order: Order, kind: "Kind") -> None:
        """Run it to its end, which is told at once and then noted."""
        caller = self._caller(order)
        try:
            end = await self._end_of(order, kind)
        except Failed as failed:
            end = End("failed", failed.code, failed.params)
        except ActionRefused as refused:
            why = refusal(order, refused)
            end = End("failed", why.code, why.params)
        except AmiError:
            end = End("failed", "link_lost")
        except Exception:
            log.exception("Order %s failed.", order["kind"])
            end = End("failed", "asterisk_refused", {"reason": "internal error"})
        COMMANDS.labels(self.bridge.pbx.name, order["kind"], end.code).inc()
        await self.report(order, end.state, end.code, **end.params)
        journal.order_ended(end.code)
        await self._note(order, caller, end.code)

    async def _end_of(self, order: Order, kind: "Kind") -> End:
        key = (order["socket"], order["command"])
        if key in self.running:
            raise Failed("bad_request")
        if "phone" in order and any(_rings(other, order["phone"]["device"]) for other in self.running.values()):
            raise Failed("busy_already")
        command = self.running[key] = kind(self.bridge, order)
        try:
            return await command.run()
        finally:
            del self.running[key]

    async def go_on(self, command: Command) -> End:
        """Run ``command`` in the place of the one that has its order: it hears from now on, and may be stopped."""
        self.running[command.order["socket"], command.order["command"]] = command
        return await command.run()

    def is_held(self, by: Command) -> bool:
        """Whether another order of the same person is at work with the same call: their own claim does not tell."""
        uniqueid, user = by.order["uniqueid"], by.order["user"]
        others = [other.order for other in self.running.values() if other.holds and other is not by]
        return any(order.get("uniqueid") == uniqueid and order["user"] == user for order in others)

    def _cancel(self, order: Order) -> None:
        if command := self.running.get((order["socket"], order["command"])):
            command.cancel()

    def _caller(self, order: Order) -> str:
        call = self.bridge.board.calls.get(order.get("uniqueid", ""))
        return f"{call.caller.name} {call.caller.number}".strip() if call else ""

    async def _note(self, order: Order, caller: str, code: str) -> None:
        """In the audit log; where it cannot be written the action stands all the same."""
        if order["kind"] not in acts.KINDS:
            return
        try:
            async with asyncio.timeout(LAYER):
                await self.bridge.write(partial(acts.note, self.bridge.pbx, order, caller, code))
        except Exception:
            log.exception("Cannot write down who did what: %s by user %s.", order["kind"], order["user"])

    def remember(self, channel_id: str, user: int | None) -> None:
        """Longer than the retrieval runs: a slow database may write its end later."""
        self.rung[channel_id] = user
        while len(self.rung) > REMEMBERED:
            del self.rung[next(iter(self.rung))]

    def hear(self, heard: Sequence[events.Event | Change]) -> None:
        """Pass on what was heard and what it changed, in that order of sense: a change before its event."""
        for command in self.running.values():
            for item in heard:
                command.heard.put_nowait(item)

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


def _rings(command: Command, device: str) -> bool:
    phone = command.order.get("phone")
    return phone is not None and phone["device"] == device
