"""How a file lies on the PBX: whole, or, when it is very long, in parts that it includes. PURE.

Asterisk reads and writes a file anew for every 30 lines it is told, opening it for each line it writes. Seen with
70,000 lines on Asterisk 16 and 22: ten minutes in one file, eight seconds in parts of 500 lines.
"""

from dataclasses import dataclass
from zlib import crc32

from lots.config.conf import EXTENSIONS, PARKING
from lots.config.content import Content, Pair
from lots.config.operations import Header

LONGEST_WHOLE = 2000
"""Lines up to which a file stays whole: some forty lots."""
A_PART = 500
"""Lines a part has, about."""
EMPTY = "parkinglot_empty.conf"
"""A file without a line: where a file that is written anew begins."""
ANCHOR = {EXTENSIONS: "parkinglot", PARKING: "default"}
"""The section behind which the parts are included. Files without one stay whole."""


@dataclass(frozen=True, slots=True)
class Layout:
    """``parts`` is empty for a file that is whole; ``top`` holds everything then."""

    top: Content
    parts: tuple[Content, ...] = ()


def layout(file: str, content: Content) -> Layout:
    """Sections keep their part as long as the number of parts stays, whatever else comes or goes."""
    lines = sum(len(section) + 1 for section in content.values())
    if lines <= LONGEST_WHOLE or ANCHOR.get(file) not in content:
        return Layout(content)
    number = 1 << max(1, (lines // A_PART - 1).bit_length())
    parts: list[dict[str, tuple[Pair, ...]]] = [{} for _ in range(number)]
    top = _top(file, content)
    for name, section in content.items():
        if top.get(name) != section:
            parts[crc32(name.encode()) % number][name] = section
    return Layout(top, tuple(parts))


def _top(file: str, content: Content) -> Content:
    """A lot cannot be written in two pieces; a context may be."""
    anchor = ANCHOR[file]
    return {anchor: content[anchor] if file == PARKING else ()}


def part_name(file: str, number: int) -> str:
    """``parkinglot_extensions_007.conf``."""
    return f"{file.removesuffix('.conf')}_{number:03d}.conf"


def staging_name(file: str) -> str:
    """Where a file is made ready; no pattern that includes parts may match it."""
    return file.replace("parkinglot_", "parkinglot_new_", 1)


def inclusion(file: str) -> Pair:
    """A line that Asterisk writes as ``#tryinclude "parkinglot_extensions_*.conf" ; = parts`` and reads as that.

    AMI has no operation for an include. What follows the semicolon is a comment.
    """
    return f'#tryinclude "{file.removesuffix(".conf")}_*.conf" ;', "parts"


def top_headers(file: str, top: Content) -> list[Header]:
    """The whole top of a file in parts, in one message that begins with an empty file."""
    (anchor, lines), *_none = top.items()
    found = [("Action-000000", "NewCat"), ("Cat-000000", anchor)]
    for number, (name, value) in enumerate((*lines, inclusion(file)), 1):
        found += [(f"Action-{number:06d}", "Append"), (f"Cat-{number:06d}", anchor)]
        found += [(f"Var-{number:06d}", name), (f"Value-{number:06d}", value)]
    return found
