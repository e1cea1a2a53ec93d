"""What real Asterisks said, by section; recorded once, untouched but for the line ends in the files."""

import re
from functools import cache
from pathlib import Path

from lots.ami.message import Headers, parse

VERSIONS = ("16", "22")
HERE = Path(__file__).parent


@cache
def sections(version: str) -> dict[str, bytes]:
    """Bytes as they came from the wire, by the name of the section."""
    text = (HERE / f"asterisk{version}.txt").read_text(encoding="utf-8")
    _, *parts = re.split(r"^==== (.*) ====\n", text, flags=re.MULTILINE)
    return {
        name: body.strip("\n").replace("\n", "\r\n").encode() + b"\r\n\r\n"
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def section(version: str, name: str, action_id: str = "") -> bytes:
    """One section; ``action_id`` takes the place of the recorded one."""
    data = sections(version)[name]
    return re.sub(rb"ActionID: [^\r]*", f"ActionID: {action_id}".encode(), data) if action_id else data


def messages(version: str, name: str) -> list[Headers]:
    """The messages of a section, in order."""
    found = (parse(block) for block in sections(version)[name].split(b"\r\n\r\n"))
    return [message for message in found if message is not None]


def events(version: str, name: str, *wanted: str) -> list[Headers]:
    """The events of these names in a section, in order."""
    return [message for message in messages(version, name) if message.get("Event") in wanted]
