"""What stands on the PBX in the way of a publication, looked for before anything is written. Only reads."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from lots.ami import ActionRefused, AmiClient
from lots.config.clash import Clash, title
from lots.config.conf import EXTENSIONS, INCLUDED_BY, MUSIC, PARKING
from lots.config.content import Content, content_of
from lots.config.dialplan_view import Dialplan
from lots.config.foreign import COMMON, LATE, MUSIC_THERE, OUTSIDE, clashes_with, is_ours
from lots.config.native import native_conflicts, without_lots, without_parking
from lots.config.render import render
from lots.config.setup import Setup
from lots.config.stock import Stock, native_lots, read_sections, split
from lots.models import Pbx
from lots.publish.pipeline import PATIENCE
from lots.publish.reader import read_content_of

Item = Mapping[str, str]
ALL_AT_ONCE = 64
"""Contexts of our own from which on one question for everything is cheaper."""


@dataclass(frozen=True, slots=True)
class Live:
    """What was read: the dialplan around us, and the PBX's own files beside ours."""

    items: tuple[Item, ...]
    stock: Mapping[str, Stock]
    """By our file's name."""


async def live_problems(ami: AmiClient, setup: Setup, pbx: Pbx) -> tuple[Clash, ...]:
    """What on the PBX would collide with ``setup``. ``ami`` is the account that publishes. Raises ``AmiError``."""
    goal = {name: content_of(file) for name, file in render(setup).items()}
    return await live_clashes(ami, goal, pbx, {lot.name: title(lot) for lot in setup.lots})


async def live_clashes(
    ami: AmiClient,
    goal: Mapping[str, Content],
    pbx: Pbx,
    labels: Mapping[str, str] | None = None,
    changed: Collection[str] | None = None,
) -> tuple[Clash, ...]:
    """The same of rendered files. ``changed``: lots whose native context is worth a look; None: all."""
    phones, trunks = pbx.phone_contexts.split(), pbx.trunk_contexts.split()
    stock = {name: await read_stock(ami, name) for name in (PARKING, MUSIC)}
    lots = native_lots(stock[PARKING].theirs, goal[PARKING])
    named = {lot.context for lot in lots if not is_ours(lot.context) or changed is None or lot.name in changed}
    items = await around(ami, [*phones, *trunks, *named])
    live = Live(items, stock)
    return tuple(await asyncio.to_thread(lambda: list(find(live, goal, phones, trunks, labels or {}))))


def find(
    live: Live, goal: Mapping[str, Content], phones: list[str], trunks: list[str], labels: Mapping[str, str]
) -> Iterator[Clash]:
    """Everything there is to say about what was read."""
    managed = {name: labels.get(name, name) for name, lines in goal[PARKING].items() if lines}
    plan = Dialplan.of(without_lots(live.items, managed, native_lots(live.stock[PARKING].theirs)))
    for name in (COMMON, OUTSIDE):
        plan.context(name)  # an include may stand there before what it includes does
    yield from clashes_with(plan, goal[EXTENSIONS], phones, COMMON, managed)
    yield from clashes_with(plan, goal[EXTENSIONS], trunks, OUTSIDE, managed)
    lots = native_lots(live.stock[PARKING].theirs, goal[PARKING])
    yield from native_conflicts(lots, without_parking(live.items))
    for name in live.stock[PARKING].late:
        params = {"file": INCLUDED_BY[PARKING], "lot": name}
        yield Clash("live_late", params, (name,), ("name",), template=LATE)
    theirs = {name.lower() for name in live.stock[MUSIC].theirs}
    for name in goal[MUSIC]:
        if name != "general" and name.lower() in theirs:
            yield Clash("music_there", {"number": name, "file": INCLUDED_BY[MUSIC]}, template=MUSIC_THERE)


async def read_stock(ami: AmiClient, ours: str) -> Stock:
    """The PBX's file that includes ``ours``, and what in it is not ours; a file that is not there says nothing."""
    mine = await read_content_of(ami, ours) or {}
    try:
        reply = await ami.send("GetConfig", [("Filename", INCLUDED_BY[ours])], timeout=PATIENCE)
    except ActionRefused as error:
        if "ermission denied" in error.message:
            raise
        return Stock({})
    return split(read_sections(reply.raw), mine)


async def around(ami: AmiClient, start: Iterable[str]) -> tuple[Item, ...]:
    """The lines of these contexts and of all they include, but for those only we write: those need no look."""
    waiting, seen, items = list(dict.fromkeys(start)), set[str](), list[Item]()
    if sum(is_ours(name) for name in waiting) > ALL_AT_ONCE:
        return (await ami.send("ShowDialPlan", timeout=2 * PATIENCE)).items
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        found = await _context(ami, name)
        items += found
        included = (item["IncludeContext"].split(",")[0] for item in found if "IncludeContext" in item)
        waiting += [other for other in included if not is_ours(other) or other in {COMMON, OUTSIDE}]
    return tuple(items)


async def _context(ami: AmiClient, name: str) -> tuple[Item, ...]:
    try:
        return (await ami.send("ShowDialPlan", [("Context", name)], timeout=PATIENCE)).items
    except ActionRefused as error:
        if "ermission denied" in error.message:
            raise
        return ()  # there is no such context
