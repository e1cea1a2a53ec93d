"""Reading files of configuration from the PBX."""

import asyncio
from collections.abc import Iterable

from lots.ami import ActionRefused, AmiClient
from lots.config.conf import FILES, ConfFile
from lots.config.content import Content, file_of, read_content

PATIENCE = 20.0
"""Seconds a whole file may take; three megabytes take a third of one."""


async def read_content_of(ami: AmiClient, file: str, section: str = "") -> Content | None:
    """What ``file`` says, or only ``section`` of it. None: Asterisk has no such file, or cannot read it."""
    headers = [("Filename", file), *([("Category", section)] if section else [])]
    try:
        reply = await ami.send("GetConfig", headers, timeout=PATIENCE)
    except ActionRefused as error:
        if "ermission denied" in error.message:
            raise
        return None
    return await asyncio.to_thread(read_content, reply.raw)


async def read_contents(ami: AmiClient, files: Iterable[str] = FILES) -> dict[str, Content | None]:
    """The same of several files."""
    return {file: await read_content_of(ami, file) for file in files}


async def section_names(ami: AmiClient, file: str) -> set[str]:
    """The sections of ``file``, cheaper than the whole."""
    reply = await ami.send("ListCategories", [("Filename", file)], timeout=PATIENCE)
    raw = reply.raw.decode("utf-8", "replace").split("\r\n")
    return {line.partition(": ")[2] for line in raw if line.startswith("Category-")}


async def read_files(ami: AmiClient) -> dict[str, ConfFile]:
    """Our three files as the PBX has them; one that is missing is empty."""
    return {file: file_of(file, content or {}) for file, content in (await read_contents(ami)).items()}
