"""The measured as a table for people and as JSON for machines."""

import math
import platform
from collections.abc import Callable, Sequence
from os import cpu_count
from statistics import median
from typing import Any

from tests.bench.cases import Played
from tests.bench.measure import Result, Row

HEAD = ("boards", "case", "first board", "median board", "last board", "CPU", "memory")
WORDS = """\
Lag in milliseconds from the write at Asterisk's socket to the arrival at a board's, as median / 95 % of the events.
floor   stock panoramisk and a callback: no web, no database, no boards
ours    manage.py serve with SQLite: written to the database first, then sent
stock   stock panoramisk, group_send, one Channels consumer a board on daphne: no database
CPU     milliseconds of the server's processor time for one broadcast (median)
memory  MiB of the server (resident)"""


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that ``part`` of the values do not exceed."""
    return sorted(values)[math.ceil(part * len(values)) - 1]


Pick = Callable[[Played], float]
PICKS: dict[str, Pick] = {
    "first": lambda played: played.lags[0],
    "median": lambda played: median(played.lags),
    "last": lambda played: played.lags[-1],
    "cpu": lambda played: played.cpu,
}


def ms(row: Row, what: str, part: float = 0.5) -> float:
    """Milliseconds: median (or another ``part``) over a row's events."""
    values = [PICKS[what](played) * 1000 for played in row.events]
    return median(values) if part == 0.5 else percentile(values, part)


def number(value: float) -> str:
    """Three digits are more than a noisy machine deserves."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _cells(row: Row) -> list[str]:
    lags = [f"{number(ms(row, what))} / {number(ms(row, what, 0.95))}" for what in ("first", "median", "last")]
    if row.case == "floor":
        return [str(row.boards), row.case, lags[0], "", "", "", ""]
    return [str(row.boards), row.case, *lags, number(ms(row, "cpu")), f"{row.rss / 2**20:.0f}"]


def ratios(rows: Sequence[Row]) -> dict[str, float]:
    """How many times: rows of one number of boards."""
    by_case = {row.case: row for row in rows}
    floor, ours, stock = (by_case[case] for case in ("floor", "ours", "stock"))
    below = ms(floor, "first")
    return {
        **{f"ours/floor {what}": ms(ours, what) / below for what in ("first", "median", "last")},
        **{f"stock/ours {what}": ms(stock, what) / ms(ours, what) for what in PICKS},
    }


def _by_boards(result: Result) -> dict[int, list[Row]]:
    return {boards: [row for row in result.rows if row.boards == boards] for boards in result.connects}


def _aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def table(result: Result) -> str:
    """Aligned text."""
    lines = [WORDS, "", *_aligned([HEAD, *(_cells(row) for row in result.rows)]), ""]
    found = {boards: ratios(rows) for boards, rows in _by_boards(result).items()}
    head = ["boards", *next(iter(found.values()))]
    times = [[str(boards), *(f"{value:.1f}x" for value in one.values())] for boards, one in found.items()]
    lines += ["How many times as long (of the medians)", *_aligned([head, *times]), ""]
    for boards, seconds in result.connects.items():
        lines.append(f"Connecting {boards} boards, until each has a snapshot: {seconds:.2f} s")
    burst = result.burst
    shown = [played.lags[-1] for played in burst.runs]
    texts = [float(count) for played in burst.runs for count in played.messages]
    lines.append(
        f"{burst.calls} calls parked at once, until all of {burst.boards} boards show all: "
        f"{median(shown):.2f} s (slowest of {len(shown)}: {max(shown):.2f} s), "
        f"{median(texts):.0f} messages a board (most: {max(texts):.0f})"
    )
    return "\n".join(lines)


def as_json(result: Result) -> dict[str, Any]:
    """Milliseconds and bytes; every event, so that other statistics can be made of it."""
    rows = [
        {
            "boards": row.boards,
            "case": row.case,
            **{f"{what}_ms": {"median": ms(row, what), "p95": ms(row, what, 0.95)} for what in PICKS},
            "rss_bytes": row.rss,
            "events": [{f"{what}_ms": pick(played) * 1000 for what, pick in PICKS.items()} for played in row.events],
            "message_bytes": [played.size for played in row.events],
        }
        for row in result.rows
    ]
    burst = result.burst
    return {
        "machine": {"cores": cpu_count(), "python": platform.python_version(), "system": platform.system()},
        "seconds": result.seconds,
        "rows": rows,
        "ratios": {str(boards): ratios(of) for boards, of in _by_boards(result).items()},
        "connect_seconds": {str(boards): seconds for boards, seconds in result.connects.items()},
        "burst": {
            "calls": burst.calls,
            "boards": burst.boards,
            "last_ms": [played.lags[-1] * 1000 for played in burst.runs],
            "cpu_ms": [played.cpu * 1000 for played in burst.runs],
            "messages_a_board": [max(played.messages) for played in burst.runs],
        },
    }
