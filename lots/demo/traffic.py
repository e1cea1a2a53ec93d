"""Callers who arrive, wait, are taken by colleagues, or give up: real calls in a real Asterisk."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from lots.ami import AmiError, AmiLink
from lots.board.state import occupants
from lots.bridge.command import Command, End, Failed, done
from lots.demo.setting import CALLERS, COLLEAGUES, LOTS
from lots.types.calls import Call

if TYPE_CHECKING:
    from lots.bridge.service import Bridge

log = logging.getLogger(__name__)

FULLEST = 0.6
"""Share of a lot's slots the demo fills by itself; the rest is the visitor's."""


class Traffic:
    """Drives the demo. ``chance`` decides; give a seeded one for a repeatable show."""

    def __init__(self, bridge: "Bridge", chance: random.Random | None = None) -> None:
        self.bridge = bridge
        self.chance = chance or random.Random()  # noqa: S311  (a show, not a secret)
        self._lately: deque[str] = deque(maxlen=4)
        """Numbers that called last: some of them may not be on the board yet."""

    async def run(self) -> None:
        """Until cancelled. A step that fails is a step not taken."""
        for _ in range(5):
            await self._step(self._arrive())
            await asyncio.sleep(self.chance.uniform(0.3, 1.2))
        while True:
            await asyncio.sleep(self.chance.uniform(3, 8))
            act = self._arrive if self.chance.random() < self._appetite() else self._take
            await self._step(act())

    async def _step(self, act: Awaitable[None]) -> None:
        try:
            await act
        except AmiError as error:
            log.debug("The demo skipped a step: %s", error)

    def _waiting(self) -> list[Call]:
        return [call for lot in LOTS for call in occupants(self.bridge.board, lot.name).values()]

    def _appetite(self) -> float:
        """The emptier the lots, the likelier somebody calls."""
        room = sum(lot.last - lot.first + 1 for lot in LOTS) * FULLEST
        return max(0.0, 1 - len(self._waiting()) / room)

    async def _arrive(self) -> None:
        lot = self.chance.choice(LOTS)
        await self.park(lot.name, patience=self.chance.randint(25, 150))

    async def park(self, lot: str, *, patience: int) -> None:
        """A caller is parked in ``lot`` by a colleague and hangs up after ``patience`` seconds."""
        busy = {call.caller.number for call in self._waiting()} | set(self._lately)
        name, number = self.chance.choice([c for c in CALLERS if c[1] not in busy] or list(CALLERS))
        self._lately.append(number)
        parker = self.chance.choice(sorted(COLLEAGUES))
        await self.bridge.link.send("Originate", _caller(lot, name, number, parker, patience))

    async def _take(self) -> None:
        """A colleague dials the slot of somebody who has waited a while."""
        waiting = sorted(self._waiting(), key=lambda call: call.parked_at)
        if len(waiting) > 2:  # noqa: PLR2004  (a visitor should always find somebody)
            await _dial_slot(self.bridge.link, self.chance.choice(sorted(COLLEAGUES)), waiting[0])


def _caller(lot: str, name: str, number: str, parker: str, patience: int) -> list[tuple[str, str]]:
    return [
        ("Channel", "Local/call@demo-callers/n"),
        ("Context", "demo-park"),
        ("Exten", lot),
        ("Priority", "1"),
        ("CallerID", f'"{name}" <{number}>'),
        ("Variable", f"PATIENCE={patience}"),
        ("Variable", f"DEMO_PARKER={parker}"),
        ("Async", "true"),
    ]


async def _dial_slot(link: AmiLink, phone: str, call: Call) -> None:
    headers = [
        ("Channel", f"PJSIP/{phone}"),
        ("Context", "phones"),
        ("Exten", str(call.slot)),
        ("Priority", "1"),
        ("CallerID", f'"{COLLEAGUES[phone]}" <{phone}>'),
        ("Async", "true"),
    ]
    await link.send("Originate", headers)


class ParkDemo(Command):
    """The button "park a demo caller": one who waits longer than anybody needs."""

    async def run(self) -> End:
        """In the first lot that has room."""
        board = self.bridge.board
        lot = next((lot for lot in LOTS if len(occupants(board, lot.name)) <= lot.last - lot.first), None)
        if lot is None:
            raise Failed("asterisk_refused", reason="every slot is taken")
        await Traffic(self.bridge).park(lot.name, patience=110)
        return done("parked_demo")
