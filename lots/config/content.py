"""What a file says to Asterisk, without what means nothing: comments, the arrow, the order of sections. PURE.

Sections of one name are one section, as AMI's operations on files see it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from lots.config.conf import ConfFile, Line, Section
from lots.config.gate import LONGEST_LINE
from lots.types.words import Said, gettext_noop

Pair = tuple[str, str]
"""Name and value of a line."""
Content = Mapping[str, tuple[Pair, ...]]
"""Section -> its lines, in order."""

ARROWS = frozenset({"exten", "same", "include", "switch", "ignorepat"})
"""Lines people write with ``=>``; Asterisk reads both alike."""
TEMPLATE = ("(a template)", "")
"""A line that stands for what we never write: a section that is a template or made of one."""


def content_of(file: ConfFile) -> dict[str, tuple[Pair, ...]]:
    """Of a rendered file."""
    return merged((section.name, [(line.name, line.value) for line in section.lines]) for section in file.sections)


def merged(sections: Iterable[tuple[str, Iterable[Pair]]]) -> dict[str, tuple[Pair, ...]]:
    """Sections that may come several times, in the order of their first time."""
    found: dict[str, list[Pair]] = {}
    for name, lines in sections:
        found.setdefault(name, []).extend(lines)
    return {name: tuple(lines) for name, lines in found.items()}


def content_of_stored(sections: Iterable[Any]) -> dict[str, tuple[Pair, ...]]:
    """Of a publication's file: ``[section, owner, [[name, value, arrow], ...]]``."""
    return merged((name, ((line[0], line[1]) for line in lines)) for name, _owner, lines in sections)


def read_content(answer: bytes) -> dict[str, tuple[Pair, ...]]:
    """Of Asterisk's answer to ``GetConfig``: ``Category-000000: name``, ``Line-000000-000000: name=value``."""
    sections: list[tuple[str, list[Pair]]] = []
    for text in answer.decode("utf-8", "replace").split("\r\n"):
        if text.startswith("Line-"):
            name, _equals, value = text.partition(": ")[2].partition("=")
            sections[-1][1].append((name, value))
        elif text.startswith("Category-"):
            sections.append((text.partition(": ")[2], []))
        elif text.startswith(("IsTemplate-", "Templates-")):
            sections[-1][1].append(TEMPLATE)
    return merged(sections)


def file_of(name: str, content: Content) -> ConfFile:
    """As a file for people and for ``diff``. What Asterisk has may hold anything; marks that end lines are shown."""
    sections = (
        Section(section, tuple(Line(shown(key), shown(value), key in ARROWS) for key, value in lines))
        for section, lines in content.items()
    )
    return ConfFile(name, tuple(sections))


def shown(text: str) -> str:
    """Printable, and no longer than a line of ours may be."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in text).strip()
    return plain.encode()[:LONGEST_LINE].decode("utf-8", "ignore").strip()


def difference(meant: Content, found: Content) -> str:
    """The first place where they differ, for people; ``""`` when they do not."""
    for section, lines in meant.items():
        if section not in found:
            return Said(gettext_noop("[{section}] is missing"), section=section)
        if found[section] != lines:
            return Said("[{section}] {what}", section=section, what=_first(lines, found[section]))
    odd = next((section for section in found if section not in meant), None)
    return "" if odd is None else Said(gettext_noop("[{section}] should not be there"), section=odd)


def _first(meant: tuple[Pair, ...], found: tuple[Pair, ...]) -> Said:
    for number, (should, does) in enumerate(zip(meant, found, strict=False), 1):
        if should != does:
            words = gettext_noop("line {number} should be {meant} and is {found}")
            return Said(words, number=number, meant=_text(should), found=_text(does))
    number = min(len(meant), len(found))
    if len(meant) > len(found):
        words, line = gettext_noop("line {number}, {line}, is missing"), meant[number]
    else:
        words, line = gettext_noop("line {number}, {line}, should not be there"), found[number]
    return Said(words, number=number + 1, line=_text(line))


def _text(pair: Pair) -> str:
    return f"“{shown(pair[0])} = {shown(pair[1])}”"
