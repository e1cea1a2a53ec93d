"""Whether Asterisk runs what its files say. Each function raises ``NotAsMeant`` with the first thing that is wrong."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from lots.ami import ActionRefused, AmiClient
from lots.config.conf import EXTENSIONS, INCLUDED_BY, MUSIC, PARKING
from lots.config.content import Content
from lots.config.meant import MeantLot, Shown, foreign, meant_lots, shown, wrong_context, wrong_lot, wrong_native
from lots.publish.errors import NotAsMeant, NotIncluded, PublishError
from lots.publish.pipeline import PATIENCE
from lots.publish.reader import read_content_of
from lots.publish.translated import translated

MANY = 64
"""Contexts from which on the whole dialplan is asked for at once."""


async def check_included(ami: AmiClient, file: str, goal: Content) -> None:
    """Raises ``NotIncluded`` unless Asterisk's own file leads to ours."""
    probes = sorted((name for name in goal if goal[name]), key=lambda name: (name == "default", len(goal[name])))
    if not probes:
        return
    stock, lines = INCLUDED_BY[file], goal[probes[0]]
    there = (await read_content_of(ami, stock, probes[0]) or {}).get(probes[0], ())
    if not any(there[at : at + len(lines)] == lines for at in range(len(there))):
        words = _("%(stock)s on the PBX does not include our file. Put at its end:  #tryinclude %(file)s")
        raise NotIncluded(words % {"stock": stock, "file": file})


async def check_lots(ami: AmiClient, parking: Content) -> None:
    """Every lot is there, with its slots and its timeout."""
    reply = await ami.send("Parkinglots", timeout=PATIENCE)
    there = {
        item["Name"]: (int(item["StartSpace"]), int(item["StopSpace"]), int(item["Timeout"])) for item in reply.items
    }
    for lot in meant_lots(parking):
        if wrong := wrong_lot(lot, there.get(lot.name)):
            raise NotAsMeant(PARKING, translated(wrong))


async def show(ami: AmiClient, contexts: Collection[str]) -> Mapping[str, Shown]:
    """These contexts, as far as they exist; all, when many are asked for."""
    if len(contexts) > MANY:
        return shown((await ami.send("ShowDialPlan", timeout=2 * PATIENCE)).items)
    found: dict[str, Shown] = {}
    for context in contexts:
        try:
            reply = await ami.send("ShowDialPlan", [("Context", context)], timeout=PATIENCE)
        except ActionRefused:
            continue  # there is no such context
        found.update(shown(reply.items))
    return found


async def check_dialplan(ami: AmiClient, extensions: Content, contexts: Collection[str]) -> None:
    """Every extension of these contexts is there as written."""
    there = await show(ami, contexts)
    for context in contexts:
        if wrong := wrong_context(context, extensions[context], there.get(context)):
            raise NotAsMeant(EXTENSIONS, translated(wrong))


async def check_native(ami: AmiClient, lots: Iterable[MeantLot]) -> None:
    """Parking has made its own extensions for these lots."""
    lots = [lot for lot in lots if lot.park_code]  # the others have none
    there = await show(ami, [lot.context for lot in lots])
    for lot in lots:
        if wrong := wrong_native(lot, there.get(lot.context)):
            raise NotAsMeant(PARKING, translated(wrong))


async def check_foreign(ami: AmiClient, lots: Iterable[MeantLot]) -> None:
    """Raises ``PublishError`` when Asterisk's parking would refuse one of these lots for what is in its context."""
    lots = [lot for lot in lots if lot.park_code]
    there = await show(ami, [lot.context for lot in lots])
    for lot in lots:
        if wrong := foreign(lot, there.get(lot.context)):
            raise PublishError(translated(wrong))


async def check_music(ami: AmiClient, music: Content) -> None:
    """Every class is there, as far as the account may ask (AMI has only the command line for it)."""
    if not music:
        return
    try:
        reply = await ami.send("Command", [("Command", "moh show classes")], timeout=PATIENCE)
    except ActionRefused:
        return  # the account has no class "command", and needs none
    there = {line.partition(": ")[2].strip() for line in reply.headers.get("Output", "").split("\n")}
    for name in music:
        if name not in there:
            raise NotAsMeant(MUSIC, _("Asterisk has no hold music %s; its log says what it dislikes.") % name)
