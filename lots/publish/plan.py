"""Which files on the PBX must be written for one of ours to say what it should."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lots.ami import AmiClient
from lots.config.content import Content
from lots.config.layout import Layout, layout, part_name
from lots.config.operations import can_be_reached, messages, operations
from lots.publish.reader import read_content_of

MOST_PARTS = 1000
SHORT = 20
"""Messages that make a short file; they take a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that is made ready beside, and then copied. ``start`` is what it holds and may be edited; None: anew."""

    file: str
    goal: Content
    start: Content | None = None
    is_new: bool = False
    """It is not there yet."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``top``: the file itself must be written to include its parts. ``spare``: parts no longer used."""

    file: str
    goal: Content
    pieces: tuple[Piece, ...]
    layout: Layout
    top: bool = False
    is_new: bool = False
    spare: tuple[str, ...] = field(default=())


async def plan(ami: AmiClient, file: str, goal: Content, now: Content | None, known: Sequence[Content]) -> Plan:
    """``now`` is what the PBX has (None: no file). Only files that say something ``known`` are edited.

    Anything else may be a file of somebody's with an ``#include`` in it, which Asterisk would write out too.
    """
    lay = layout(file, goal)
    if not lay.parts:
        trusted = now if now is not None and now in known and not layout(file, now).parts else None
        return Plan(file, goal, (_piece(file, goal, now, trusted),), lay)
    before = layout(file, now) if now is not None and now in known else Layout({})
    same = len(before.parts) == len(lay.parts) and before.top == lay.top
    numbers = [n for n in range(len(lay.parts)) if not same or before.parts[n] != lay.parts[n]]
    held = [one.parts for one in (layout(file, content) for content in known) if len(one.parts) == len(lay.parts)]
    pieces: list[Piece] = []
    for n in numbers:
        there = await read_content_of(ami, part_name(file, n))
        if there != lay.parts[n]:
            trusted = there if there in [parts[n] for parts in held] else None
            pieces.append(_piece(part_name(file, n), lay.parts[n], there, trusted))
    spare = () if same else await _beyond(ami, file, len(lay.parts))
    return Plan(file, goal, tuple(pieces), lay, top=not same, is_new=now is None, spare=spare)


def _piece(file: str, goal: Content, there: Content | None, trusted: Content | None) -> Piece:
    """Short files are always made anew: in one that is edited Asterisk leaves a blank line more each time."""
    edited = trusted is not None and can_be_reached(trusted, goal) and len(messages(operations({}, goal))) > SHORT
    return Piece(file, goal, trusted if edited else None, is_new=there is None)


async def _beyond(ami: AmiClient, file: str, number: int) -> tuple[str, ...]:
    """Parts of a time when there were more: the include would take them in."""
    found: list[str] = []
    while number < MOST_PARTS and (content := await read_content_of(ami, part_name(file, number))) is not None:
        if content:
            found.append(part_name(file, number))
        number += 1
    return tuple(found)
