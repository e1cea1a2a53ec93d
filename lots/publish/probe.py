"""Whether the PBX's own files include ours: seen by what is in ours showing up in theirs."""

from contextlib import suppress

from lots.ami import ActionRefused, AmiClient
from lots.config.conf import INCLUDED_BY
from lots.config.stock import Sections, read_sections
from lots.publish.reader import PATIENCE, read_content_of

MARK = "general"
"""A section that means nothing when it is empty, in each of the three files: one more of it shows the include."""


async def is_included(ami: AmiClient, file: str, *, may_write: bool) -> bool | None:
    """None: it cannot be told. With ``may_write`` a file of ours that is not there is made, and stays, empty.

    Nothing is loaded: what runs does not change.
    """
    ours = await read_content_of(ami, file)
    stock = await _sections(ami, INCLUDED_BY[file])
    telling = [(name, lines) for name, lines in (ours or {}).items() if lines]
    if telling:
        return telling[0] in stock
    if not may_write:
        return None
    if ours is None:
        await ami.send("CreateConfig", [("Filename", file)], timeout=PATIENCE)
    await _update(ami, file, "NewCat")
    try:
        after = await _sections(ami, INCLUDED_BY[file])
    finally:
        with suppress(ActionRefused):
            await _update(ami, file, "DelCat")
    return _marks(after) > _marks(stock)


async def _sections(ami: AmiClient, file: str) -> Sections:
    try:
        return read_sections((await ami.send("GetConfig", [("Filename", file)], timeout=PATIENCE)).raw)
    except ActionRefused:
        return []


async def _update(ami: AmiClient, file: str, action: str) -> None:
    headers = [("SrcFilename", file), ("DstFilename", file), ("Action-000000", action), ("Cat-000000", MARK)]
    await ami.send("UpdateConfig", headers, timeout=PATIENCE)


def _marks(sections: Sections) -> int:
    return sum(name == MARK for name, _lines in sections)
