"""A day's traffic as fast as Asterisk takes it: does anything grow that should not?"""

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.chaos import traffic
from tests.chaos.counted import FILE
from tests.chaos.faults_line import heard
from tests.chaos.faults_web import memory
from tests.chaos.witness import Stay
from tests.chaos.world import World

AT_ONCE = {"reception": 8, "quick": 3}
"""Callers in a lot at a time; the lots have 10 and 3 slots."""
FATES = ["hangs up"] * 12 + ["phone"] * 5 + ["click"] + ["waits too long"] * 2
EARLY = 30.0
"""Seconds after which a caller who is in no slot is not waited for."""
STUCK = 60.0
"""Seconds without anything new after which something is wrong."""
GROWTH = 1.1
"""Memory at the end may be so much of that after a quarter."""


@dataclass(frozen=True, slots=True)
class Size:
    """What the portal holds: resident MB, open files, of these the database's, and asyncio tasks by their coroutine."""

    megabytes: int
    files: int
    connections: int
    tasks: "Counter[str]"

    def __str__(self) -> str:
        return (
            f"{self.megabytes} MB, {self.files} files, {self.connections} of the database, {self.tasks.total()} tasks"
        )


def measure(world: World) -> Size:
    """Now."""
    pid, counted = world.portal.processes[0].pid, world.portal.folder / FILE
    counted.unlink(missing_ok=True)
    os.kill(pid, signal.SIGUSR1)
    world.until(counted.exists, "count of tasks", 20)
    names = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            names.append(str(link.readlink()))
    tasks = Counter(json.loads(counted.read_text(encoding="utf-8")))
    return Size(memory(pid), len(names), sum(name.endswith(".sqlite3") for name in names), tasks)


@dataclass
class Day:
    """Callers come as others go."""

    world: World
    parks: int
    dice: random.Random
    begun: int = 0
    live: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name to fate and lot of those who are on their way, or in a slot and not yet done with."""
    expected: dict[str, float] = field(default_factory=dict)
    """Who have not come to a slot yet, and when they are given up: who hangs up that early never was in one."""
    seen: int = 0
    waiting: list[Stay] = field(default_factory=list)
    """Who are in a slot, and shall be clicked at once the board shows them."""
    ends: "Counter[str]" = field(default_factory=Counter)

    def run(self, until: int) -> None:
        """Until so many callers have come, and gone."""
        deadline = time.monotonic() + STUCK
        for turn in count():
            if self.begun >= until and not self.live:
                return
            if turn % 20 == 0:
                self.world.look()  # a board that is not read is closed
            assert time.monotonic() < deadline, f"stuck: {self.live} {self.waiting}"
            if self._begin(until) or self._follow():
                deadline = time.monotonic() + STUCK
            else:
                time.sleep(0.002)

    def _begin(self, until: int) -> bool:
        fate = self.dice.choice(FATES)
        lot = "quick" if fate == "waits too long" else "reception"
        if self.begun >= until or sum(place == lot for _, place in self.live.values()) >= AT_ONCE[lot]:
            return False
        self.begun += 1
        # A click may find the phone still ringing for the one before: then the caller gives up too.
        patience = {"hangs up": self.dice.uniform(0.1, 0.6), "click": 8}.get(fate, 30)
        name = traffic.call(self.world, patience, lot)
        self.live[name], self.expected[name] = (fate, lot), time.monotonic() + EARLY
        return True

    def _follow(self) -> bool:
        new = self.world.witness.stays[self.seen :]
        self.seen += len(new)
        for name in [name for name, at in self.expected.items() if at < time.monotonic()]:
            del self.live[name], self.expected[name]
            self.ends["never parked"] += 1
        for stay in new:
            self.expected.pop(stay.name, None)
            fate, _ = self.live.get(stay.name, ("", ""))
            if fate == "phone":
                traffic.ring_up(self.world, stay, 0.3)
            self.waiting.append(stay)
        self.waiting = [stay for stay in self.waiting if not self._is_over(stay)]
        return bool(new)

    def _is_over(self, stay: Stay) -> bool:
        if stay.outcome in {"", "left"}:
            if self.live.get(stay.name, ("", ""))[0] == "click" and traffic.click(self.world, stay):
                self.live[stay.name] = "clicked", stay.lot
            return False
        self.ends[stay.outcome] += 1
        self.live.pop(stay.name, None)
        return True


@contextmanager
def soak(world: World) -> Iterator[None]:
    """``world.parks`` callers. Asserts that nothing of theirs is left, and that the portal has not grown."""
    traffic.hang_up(world, *world.witness.open())
    world.portal.processes[0].terminate()
    world.portal.processes[0].wait(15)
    world.revive(0, "-m", "tests.chaos.counted", "serve")
    world.portal._wait_for(world.portal.ports[0])
    heard(world, "hearing")
    day, began = Day(world, world.parks, random.Random(7), seen=len(world.witness.stays)), time.monotonic()
    day.run(world.parks // 4)
    quarter = measure(world)
    day.run(world.parks)
    minutes = (time.monotonic() - began) / 60
    world.until(lambda: not world.witness.open(), "empty lots", 60)
    world.until(lambda: not world.hands.items("CoreShowChannels"), "end of all channels", 60)
    time.sleep(6)  # who left a slot without a word is looked after for five seconds
    end = measure(world)
    left = [row for row in world.rows() if not row["outcome"] or row["outcome"] == "left"]
    world.note = (
        f"{day.begun} callers in {minutes:.0f} minutes ({dict(day.ends)}); "
        f"after a quarter {quarter}; at the end {end}; no channel left, {len(left)} open rows"
    )
    assert not left, world.note
    assert end.megabytes <= quarter.megabytes * GROWTH, world.note
    assert end.files <= quarter.files + 3, world.note
    assert end.tasks.total() <= quarter.tasks.total() + 3, f"{quarter.tasks} {end.tasks}"
    yield
