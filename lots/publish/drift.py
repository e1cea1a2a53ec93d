"""Comparing what a PBX has with what was published to it."""

import asyncio
import logging

from channels.db import database_sync_to_async

from lots.ami import AmiClient, AmiError, Timing
from lots.config.conf import EXTENSIONS, FILES, INCLUDED_BY, MUSIC, PARKING
from lots.config.content import Content, difference, file_of
from lots.config.diff import texts
from lots.config.meant import meant_lots
from lots.config.public import COMMON
from lots.models import Pbx
from lots.publish import rows, verify
from lots.publish.accounts import Accounts
from lots.publish.apply import ALL_LOTS
from lots.publish.errors import NotAsMeant, NotIncluded
from lots.publish.publications import UNDER_WAY, live
from lots.publish.reader import read_contents
from lots.publish.rows import Contents

log = logging.getLogger(__name__)


def _published(pbx: Pbx) -> tuple[int, Contents]:
    """The newest publication's key, and what is live."""
    newest = pbx.publications.first()
    return newest.pk if newest else 0, rows.contents_of(live(pbx)) or {file: {} for file in FILES}


def _write(pbx: Pbx, newest: int, drift: dict[str, str], error: str) -> bool:
    """Unless something was published meanwhile: then nobody knows what we compared. Whether it is news."""
    there = pbx.publications.first()
    if (there.pk if there else 0) != newest or (there and there.state in UNDER_WAY):
        return False
    before = Pbx.objects.values_list("drift", flat=True).get(pk=pbx.pk)
    rows.write_drift(pbx, drift, error)
    return not error and bool(drift) and before != drift


apublished, awrite = database_sync_to_async(_published), database_sync_to_async(_write)


async def look(pbx: Pbx, accounts: Accounts, *, timing: Timing | None = None) -> dict[str, str]:
    """Compare, and write down what differs: file name -> unified diff. What cannot be read is written down too.

    Raises ``AmiError`` after that. While something is published nothing is written.
    """
    newest, published = await apublished(pbx)
    try:
        ami, eyes = AmiClient(accounts.publish, timing=timing), AmiClient(accounts.watch, timing=timing)
        async with ami, eyes:
            drift = await compare(ami, eyes, published)
    except AmiError as error:
        await awrite(pbx, newest, {}, str(error))
        raise
    if await awrite(pbx, newest, drift, ""):
        log.warning("%s has something else than was published: %s.", pbx.name, ", ".join(drift))
    return drift


async def compare(ami: AmiClient, eyes: AmiClient, published: Contents) -> dict[str, str]:
    """The files first; of those that are right, whether Asterisk's own lead to them, and what it runs of them."""
    there = {file: content or {} for file, content in (await read_contents(ami)).items()}
    drift = await asyncio.to_thread(_differences, published, there)
    for file in FILES:
        if file not in drift:
            drift.update(await _in_use(ami, eyes, file, published))
    return drift


async def _in_use(ami: AmiClient, eyes: AmiClient, file: str, published: Contents) -> dict[str, str]:
    """What is wrong although ``file`` is right, as ``compare`` has it."""
    try:
        await verify.check_included(ami, file, published[file])
        await _compare_running(ami, eyes, file, published)
    except NotIncluded as error:
        return {INCLUDED_BY[file]: f"{error}\n"}
    except NotAsMeant as error:
        return {f"{file} (as loaded)": f"{error}\n"}
    return {}


def _differences(published: Contents, there: dict[str, Content]) -> dict[str, str]:
    odd = [file for file in FILES if published[file] != there[file]]
    before, after = ({file: file_of(file, what[file]) for file in odd} for what in (published, there))
    found = texts(before, after)
    return {file: found.get(file) or f"{difference(published[file], there[file])}\n" for file in odd}


async def _compare_running(ami: AmiClient, eyes: AmiClient, file: str, published: Contents) -> None:
    """Whether Asterisk runs what ``file`` says; of very many lots, cheap signs of a restored or half-loaded PBX."""
    content, few = published[file], len(published[PARKING]) <= ALL_LOTS
    if file == MUSIC:
        await verify.check_music(ami, content)
    elif file == EXTENSIONS:
        await verify.check_dialplan(ami, content, [name for name in content if few or name == COMMON])
    elif content:
        await verify.check_lots(eyes, content)
        if few:
            await verify.check_native(ami, meant_lots(content))
