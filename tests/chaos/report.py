"""The table, and the page it stands on."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from statistics import median

from tests.chaos.faults import FAULTS
from tests.chaos.rounds import Try

HEAD = [
    "fault",
    "times",
    "true again after (median / worst)",
    "missing",
    "ghosts",
    "wrong endings",
    "done twice",
    "note",
]

PAGE = Path(__file__).with_name("page.md")


def table(tries: Iterable[Try]) -> str:
    """A row for each fault, in Markdown."""
    rows = [HEAD, ["---"] * len(HEAD), *(_row(name, list(those)) for name, those in groupby(tries, lambda t: t.fault))]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(name: str, tries: list[Try]) -> list[str]:
    seconds = [one.seconds for one in tries]
    counts = [
        sum(one.missing for one in tries),
        sum(one.ghosts for one in tries),
        sum(len(one.wrong) for one in tries),
        sum(len(one.doubled) for one in tries),
    ]
    notes = "; ".join(dict.fromkeys(one.note for one in tries if one.note))
    return [name, str(len(tries)), f"{median(seconds):.1f} s / {max(seconds):.1f} s", *map(str, counts), notes]


def bad(tries: Iterable[Try]) -> bool:
    """Whether something is not 0 that must be 0."""
    return any(one.missing or one.ghosts or one.wrong or one.doubled for one in tries)


def document(tries: list[Try]) -> str:
    """The whole page."""
    done = {one.fault for one in tries}
    left = [f"- {fault.name}" for fault in FAULTS if fault.name not in done]
    words = {
        "when": datetime.now(UTC).strftime("%d %B %Y"),
        "cores": os.cpu_count(),
        "load": f"{os.getloadavg()[0]:.0f}",
        "table": table(tries),
        "left": "\n".join(["", "In this run these were not tried:", "", *left, ""]) if left else "",
    }
    return PAGE.read_text(encoding="utf-8").format(**words)
