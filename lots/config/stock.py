"""The PBX's own files of configuration, which include ours: what in them is theirs, and what is not.

``GetConfig`` shows a file with everything it includes merged into it, in order; a section that comes twice is shown
twice, values a section inherits stand in it, and templates are not shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lots.config.content import Content, Pair, merged
from lots.config.native import NativeLot, with_default

Sections = Sequence[tuple[str, tuple[Pair, ...]]]
"""In the file's order, a name as often as it comes."""

YES = frozenset({"yes", "true", "y", "t", "1", "on"})
"""What Asterisk takes for yes (``ast_true``)."""


@dataclass(frozen=True, slots=True)
class Stock:
    """``theirs`` without our lines. ``late``: sections of ours that theirs come after, so that theirs win."""

    theirs: Content
    late: tuple[str, ...] = ()


def read_sections(answer: bytes) -> list[tuple[str, tuple[Pair, ...]]]:
    """Of Asterisk's answer to ``GetConfig``."""
    sections: list[tuple[str, list[Pair]]] = []
    for text in answer.decode("utf-8", "replace").split("\r\n"):
        if text.startswith("Category-"):
            sections.append((text.partition(": ")[2], []))
        elif text.startswith("Line-") and sections:
            name, _equals, value = text.partition(": ")[2].partition("=")
            sections[-1][1].append((name.strip(), value.strip()))
    return [(name, tuple(lines)) for name, lines in sections]


def split(sections: Sections, ours: Content) -> Stock:
    """Take out one section for each of ours; who wins is decided by what comes last."""
    theirs: list[tuple[str, tuple[Pair, ...]]] = []
    seen: set[str] = set()
    late: list[str] = []
    for name, lines in sections:
        if name not in seen and name in ours and lines == ours[name]:
            seen.add(name)
            continue
        theirs.append((name, lines))
        if name in seen and lines:
            late.append(name)
    return Stock(merged(theirs), tuple(dict.fromkeys(late)))


def native_lots(*files: Content) -> list[NativeLot]:
    """The lots of res_parking.conf, in the order of their first section; later files win."""
    together: Mapping[str, Iterable[Pair]] = merged((name, lines) for file in files for name, lines in file.items())
    return with_default([_lot(name, dict(lines)) for name, lines in together.items() if name != "general"])


def _lot(name: str, options: Mapping[str, str]) -> NativeLot:
    first, last = slots_of(options.get("parkpos", "")) or (701, 750)
    return NativeLot(
        name=name,
        context=options.get("context", "parkedcalls"),
        parkext=options.get("parkext", ""),
        exclusive=options.get("parkext_exclusive", "").lower() in YES,
        first=first,
        last=last,
        hints=options.get("parkinghints", "").lower() in YES,
    )


def slots_of(text: str) -> tuple[int, int] | None:
    """First and last slot of a ``parkpos``; None for what is no range."""
    first, dash, last = (part.strip() for part in text.partition("-"))
    if not (dash and first.isascii() and first.isdigit() and last.isascii() and last.isdigit()):
        return None
    return int(first), int(last)
