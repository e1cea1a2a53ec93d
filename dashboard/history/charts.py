"""Numbers of the pictures, as texts for SVG's attributes: a language's comma would break them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.history.figures import Figures

STEPS = (1, 2, 3, 4, 5, 6, 8)


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a column: its kind, top and height in hundredths of the picture."""

    kind: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Column:
    """One of the columns, from the bottom up."""

    x: str
    pieces: tuple[Piece, ...]


def top(highest: int) -> int:
    """Where an axis ends: a round number, not below ``highest``."""
    scale = 1
    while True:
        for step in STEPS:
            if step * scale >= highest:
                return step * scale
        scale *= 10


def columns(groups: Sequence[Figures]) -> list[Column]:
    """A column each, stacked by how waits ended."""
    end = top(max((group.parked for group in groups), default=0))
    return [Column(f"{index}.1", _pieces(group, end)) for index, group in enumerate(groups)]


def _pieces(group: Figures, end: int) -> tuple[Piece, ...]:
    stack = [
        ("retrieved", group.retrieved),
        ("other", group.other),
        ("timed_out", group.timed_out),
        ("abandoned", group.abandoned),
    ]
    pieces, level = [], 0
    for kind, count in stack:
        if count:
            level += count
            pieces.append(Piece(kind, _hundredths(end - level, end), _hundredths(count, end)))
    return tuple(pieces)


def width(count: int, highest: int) -> str:
    """Of a bar beside a number, in hundredths."""
    return _hundredths(count, highest) if highest else "0"


def _hundredths(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}"
