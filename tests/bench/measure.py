"""The measuring itself: all cases side by side, one event each in turn, so that noise of the machine hits all alike."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench.cases import Case, Played
from tests.bench.lines import burst
from tests.bench.processes import rss

WARM_UP = 4
"""Events in each case before the measured ones."""
PAUSE = 0.1
"""Seconds between broadcasts; more than what the hub puts together."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One case with so many boards."""

    case: str
    boards: int
    events: list[Played]
    rss: int
    """Bytes of the server with these boards open, after the events."""


@dataclass(frozen=True, slots=True)
class Burst:
    """Many calls at once."""

    calls: int
    boards: int
    runs: list[Played]


async def lags(cases: Sequence[Case], boards: int, events: int) -> tuple[list[Row], float]:
    """The rows for ``boards``, and the seconds until all boards of our own had a snapshot."""
    connect = 0.0
    for case in cases:
        opened = await case.helper.ask(do="open", boards=boards)
        connect = opened["seconds"] if case.name == "ours" else connect
    played: dict[str, list[Played]] = {case.name: [] for case in cases}
    for number in range(-WARM_UP, events):
        for case in cases:
            once = await case.play(next(case.events))
            if number >= 0:
                played[case.name].append(once)
            await asyncio.sleep(PAUSE)
    rows = [Row(case.name, boards, played[case.name], rss(case.pid)) for case in cases]
    for case in cases:
        await case.helper.ask(do="close")
    return rows, connect


async def bursts(case: Case, *, calls: int, boards: int, runs: int) -> Burst:
    """Park ``calls`` calls at once, ``runs`` times, and take them again in between; the first time is to warm up."""
    await case.helper.ask(do="open", boards=boards)
    played = []
    for number in range(runs + 1):
        parked, taken = burst(number, calls)
        played.append(await case.play(parked))
        await asyncio.sleep(PAUSE)
        await case.play(taken)
        await asyncio.sleep(PAUSE)
    await case.helper.ask(do="close")
    return Burst(calls, boards, played[1:])


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that was measured."""

    rows: list[Row]
    connects: dict[int, float]
    """Seconds until all had a snapshot, by the number of boards."""
    burst: Burst
    seconds: float
    """How long it all took."""


async def everything(cases: Sequence[Case], boards: Sequence[int], events: int, runs: int, say: Say) -> Result:
    """One run. ``cases`` must have one called ours."""
    began = time.monotonic()
    rows: list[Row] = []
    connects: dict[int, float] = {}
    for number in boards:
        say(f"Measuring {events} events with {number} boards")
        more, connects[number] = await lags(cases, number, events)
        rows += more
    say("Measuring 200 calls at once with 100 boards")
    ours = next(case for case in cases if case.name == "ours")
    burst_of_calls = await bursts(ours, calls=200, boards=100, runs=runs)
    return Result(rows, connects, burst_of_calls, time.monotonic() - began)
