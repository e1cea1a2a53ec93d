"""One try of one fault: traffic, break, traffic, mend, look, traffic, judge."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.chaos import judge, traffic
from tests.chaos.world import World

LIMIT = 60.0
"""Seconds after which a board that is not true is called false."""
CALM = 0.5
"""A board must stay true for so long to count."""
Breaking = Callable[[World], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """``breaking`` breaks when entered and mends when left. ``deaf``: what happens meanwhile may go unheard."""

    name: str
    breaking: Breaking
    deaf: bool = True
    asterisk: bool = True
    """Asterisk can be used while it is broken."""
    form: str = "serve"
    tries: int = 3
    short: bool = False
    """Part of the short form."""


@dataclass(slots=True)
class Try:
    """What came of it. ``seconds`` from the mend until the board was true."""

    fault: str
    seconds: float = 0.0
    missing: int = 0
    ghosts: int = 0
    wrong: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    note: str = ""


def attempt(world: World, fault: Fault) -> Try:
    """Everything in turn. AssertionError when the script itself could not go on."""
    world.note, first = "", len(world.witness.stays)
    waiting = traffic.before(world)
    broken = time.monotonic()
    with fault.breaking(world):
        if fault.asterisk:
            traffic.during(world, waiting)
    mended = time.monotonic()
    found = Try(fault.name)
    gap, at = until_true(world)
    found.seconds = max(0.0, at - mended)
    found.missing, found.ghosts = len(gap.missing), len(gap.ghosts)
    deaf = [judge.Span(broken, time.monotonic())] if fault.deaf else []
    traffic.after(world)
    gap, _ = until_true(world)
    found.missing, found.ghosts = found.missing + len(gap.missing), found.ghosts + len(gap.ghosts)
    stays = world.witness.stays[first:]
    found.wrong = settled(world, first, deaf)
    found.doubled = judge.done_twice(stays, world.witness.rung, world.orders)
    world.pbx.hang_up_all()
    found.note = world.note
    return found


def until_true(world: World) -> tuple[judge.Difference, float]:
    """Wait until the board hears Asterisk and shows what it has, and goes on so; what still differs, and since when."""
    deadline, since, gap = time.monotonic() + LIMIT, None, judge.Difference(frozenset(), frozenset())
    while time.monotonic() < deadline:
        board = world.look()
        there = {stay.uniqueid: (stay.lot, stay.slot) for stay in world.witness.open()}
        gap = judge.difference(board.parked() if board else {}, there)
        if board is None or gap or board.link.get("state") != "hearing":
            since = None
        elif since is None:
            since = time.monotonic()
        elif time.monotonic() - since >= CALM:
            return gap, since
        time.sleep(0.02)
    return gap, time.monotonic()


def settled(world: World, first: int, deaf: list[judge.Span]) -> list[str]:
    """Wrong endings, once history had the time to learn them."""
    deadline = time.monotonic() + 20
    while True:
        stays, rows = world.witness.stays[first:], world.rows()
        wrong = judge.wrong_endings(stays, rows, deaf)
        if not wrong or time.monotonic() > deadline:
            return wrong
        time.sleep(0.2)
