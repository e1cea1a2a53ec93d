"""Writing files on the PBX: made ready beside, read back, then copied in one message each."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from django.utils.translation import gettext as _

from lots.ami import ActionRefused, AmiClient
from lots.config.content import Content, difference
from lots.config.layout import EMPTY, staging_name, top_headers
from lots.config.operations import Header, messages, operations
from lots.publish.errors import PublishError
from lots.publish.pipeline import pipeline
from lots.publish.plan import Piece, Plan
from lots.publish.reader import read_content_of, section_names
from lots.publish.translated import translated

FEW = 16
"""So many files are read back one by one rather than all together."""

Told = Callable[[], None]


def work(plans: Iterable[Plan]) -> int:
    """How many messages staging takes, for a progress bar."""
    return sum(len(_messages(piece)) for plan in plans for piece in plan.pieces)


def _messages(piece: Piece) -> list[list[Header]]:
    """Headers of each message; always one, for without any operation Asterisk copies."""
    start, staging = _start(piece), staging_name(piece.file)
    batches = messages(operations(piece.start or {}, piece.goal)) or [[]]
    return [
        [("SrcFilename", staging if number else start), ("DstFilename", staging), *batch]
        for number, batch in enumerate(batches)
    ]


def _start(piece: Piece) -> str:
    return piece.file if piece.start is not None else EMPTY


async def stage(ami: AmiClient, plans: Sequence[Plan], told: Told) -> None:
    """Make every piece ready and make sure that it is. Nothing that Asterisk uses is touched.

    What cannot be had by editing is made anew. Raises ``PublishError`` when that fails too.
    """
    await _empty(ami)
    pieces = [piece for plan in plans for piece in plan.pieces]
    try:
        await _fill(ami, pieces, told)
        wrong = await _wrong(ami, pieces)
    except ActionRefused:
        wrong = pieces
    if not wrong:
        return
    again = [replace(piece, start=None) for piece in wrong]
    await _fill(ami, again, told)
    if wrong := await _wrong(ami, again):
        first = wrong[0]
        there = await read_content_of(ami, staging_name(first.file)) or {}
        words = _("Asterisk did not write %(file)s as it was told: %(difference)s.")
        raise PublishError(words % {"file": first.file, "difference": translated(difference(first.goal, there))})


async def _empty(ami: AmiClient) -> None:
    """Files that are written anew begin with an empty one."""
    await create(ami, [EMPTY])
    if (there := await read_content_of(ami, EMPTY)) != {}:
        if there is None:
            what = _("%s cannot be read.") % EMPTY
        else:
            what = _("%(file)s must be empty, but [%(name)s] is in it.") % {"file": EMPTY, "name": next(iter(there))}
        raise PublishError(f"{what} {_('Empty it on the PBX; the user Asterisk runs as must be able to write it.')}")


async def create(ami: AmiClient, files: Iterable[str]) -> None:
    """Asterisk writes only to files that are there. It refuses to make one that is: what counts shows when writing."""
    for file in files:
        with suppress(ActionRefused):
            await ami.send("CreateConfig", [("Filename", file)])


async def _fill(ami: AmiClient, pieces: Sequence[Piece], told: Told) -> None:
    await create(ami, [staging_name(piece.file) for piece in pieces])
    await pipeline(ami, "UpdateConfig", (headers for piece in pieces for headers in _messages(piece)), told)


async def _wrong(ami: AmiClient, pieces: Sequence[Piece]) -> list[Piece]:
    """Those whose staging file does not say what it should."""
    return [piece for piece in pieces if await read_content_of(ami, staging_name(piece.file)) != piece.goal]


async def copy(ami: AmiClient, plan: Plan) -> None:
    """Staging files become the files Asterisk reads. The top comes last: it may not have included parts until then."""
    await create(ami, [piece.file for piece in plan.pieces if piece.is_new])
    pairs = [(staging_name(piece.file), piece.file) for piece in plan.pieces] + [(EMPTY, file) for file in plan.spare]
    await pipeline(ami, "UpdateConfig", ([("SrcFilename", src), ("DstFilename", dst)] for src, dst in pairs))
    if plan.top:
        await create(ami, [plan.file] if plan.is_new else [])
        names = [("SrcFilename", EMPTY), ("DstFilename", plan.file)]
        await ami.send("UpdateConfig", [*names, *top_headers(plan.file, plan.layout.top)])


async def touch(ami: AmiClient, file: str) -> None:
    """Write ``file`` as it is: Asterisk's parking skips a file whose time has not changed."""
    await create(ami, [file])
    await ami.send("UpdateConfig", [("SrcFilename", file), ("DstFilename", file)])


async def read_back(ami: AmiClient, plan: Plan) -> None:
    """Raises ``PublishError`` unless the file says what it should.

    Of a file in many parts only those written are read: the others were read before, and nobody wrote them.
    """
    if plan.top or not plan.layout.parts or len(plan.pieces) > FEW:
        _compare(plan.file, plan.goal, await read_content_of(ami, plan.file))
        return
    for piece in plan.pieces:
        _compare(piece.file, piece.goal, await read_content_of(ami, piece.file))
    names = await section_names(ami, plan.file)
    if names != set(plan.goal):
        odd = min(names ^ set(plan.goal))
        words = _("After writing, %(file)s has not the sections it should have, beginning with [%(name)s].")
        raise PublishError(words % {"file": plan.file, "name": odd})


def _compare(file: str, goal: Content, there: Content | None) -> None:
    if wrong := difference(goal, there or {}):
        words = _("After writing, %(file)s is not what was written: %(difference)s.")
        raise PublishError(words % {"file": file, "difference": translated(wrong)})
