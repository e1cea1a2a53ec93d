"""What somebody typed into the search box, taken apart. Pure."""

import re
from dataclasses import dataclass

_TERM = re.compile(r"(?P<number>[+(]*[0-9](?:[\s()./-]*[0-9])+)(?!\w)|(?P<word>\S+)")
LONG = 8
"""Digits from which a number with a country code is also looked for without it."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be found.

    Of a number, ``digits`` may stand anywhere in a number; one that is in ``whole`` is the same without country code.
    """

    text: str
    digits: str = ""
    whole: frozenset[str] = frozenset()


def terms(text: str) -> tuple[Term, ...]:
    """Words and numbers; a number's digits stay together however it is spaced."""
    found = _TERM.finditer(text)
    return tuple(_number(match["number"]) if match["number"] else Term(match["word"]) for match in found)


def _number(text: str) -> Term:
    """+49 (0)30 123, 0049 30-123 and 030/123 are one number: country codes and zeros before it come and go."""
    every = re.sub(r"[^0-9]", "", text.replace("(0)", ""))
    core = every.lstrip("0") or every
    international = text.startswith("+") or every.startswith("00")
    if not international or len(core) < LONG:
        return Term(text, core)
    return Term(text, core, frozenset({*("0" + core[code:] for code in (1, 2, 3)), core[1:]}))


def spellings(text: str) -> frozenset[str]:
    """``text`` as SQLite must be asked for it: its LIKE knows big and small letters of ASCII alone."""
    if text.isascii():
        return frozenset({text})
    return frozenset({text, text.lower(), text.upper(), text.title()})
