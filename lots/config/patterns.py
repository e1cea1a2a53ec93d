"""Asterisk's extension patterns: what matches what, and which of several matches wins.

After ``_extension_match_core`` and ``ext_cmp`` in Asterisk's main/pbx.c, for whole numbers (its mode ``E_MATCH``).
"""

import re
from functools import lru_cache

CLASSES = {"X": "0123456789", "Z": "123456789", "N": "23456789"}
_ANYTHING, _NOTHING_MORE, _END, _BROKEN = 0x18000, 0x28000, 0x30000, 0x40000
"""How Asterisk sorts what is no set of characters: ``.``, ``!``, the pattern's end, a ``[`` without ``]``."""

Place = tuple[int, int]
"""Sorts one place of a pattern: how many characters it takes and the lowest of them; then which."""


def matches(extension: str, dialled: str) -> bool:
    """Whether dialling ``dialled`` can reach ``extension``, a number or a pattern (``_X.``)."""
    if not extension.startswith("_"):
        return plain(extension) == plain(dialled)
    if dialled.startswith("_") and rank(extension) == rank(dialled):
        return True
    return expression(extension).fullmatch(plain(dialled)) is not None


def plain(number: str) -> str:
    """Without the dashes Asterisk ignores."""
    return number.replace("-", "")


def rank(extension: str) -> tuple[int, str, tuple[Place, ...]]:
    """Sorts the extensions of one context as Asterisk looks at them: numbers, then patterns, the narrowest first."""
    if not extension.startswith("_"):
        return (0, plain(extension), ())
    return (1, "", (*(_place(part) for part in parts(extension)), (_END, 0)))


@lru_cache(maxsize=10_000)
def expression(pattern: str) -> re.Pattern[str]:
    """What ``pattern`` (with its ``_``) matches, dashes taken out of the number, as a regular expression."""
    return re.compile(expression_text(pattern), re.DOTALL)


def expression_text(pattern: str) -> str:
    """The same, uncompiled."""
    text = ""
    for part in parts(pattern):
        if part in {".", "!"}:
            return text + (".+" if part == "." else ".*")
        if part == "/":  # what follows is a caller's number
            return text
        text += _class(part)
    return text


def parts(pattern: str) -> list[str]:
    """One by one: a character, ``X``, ``.``, or ``[`` and the characters of a set; ``[`` alone never matches."""
    found: list[str] = []
    rest = pattern[1:]
    while rest:
        sign, rest = rest[0], rest[1:]
        if sign == "[":
            inside, closing, after = rest.partition("]")
            if not closing:
                return [*found, "["]
            sign, rest = "[" + _members(inside) if inside else "-", after
            if sign == "[":
                return [*found, "["]
        if sign != "-":
            found.append(sign)
    return found


def _members(inside: str) -> str:
    """The characters of a set, from low to high. A dash is a range between two signs, and itself at an end."""
    members: set[str] = set()
    while inside:
        if len(inside) > 2 and inside[1] == "-":  # noqa: PLR2004  (a, dash, b)
            members |= {chr(code) for code in range(ord(inside[0]), ord(inside[2]) + 1)}
            inside = inside[3:]
        else:
            members.add(inside[0])
            inside = inside[1:]
    return "".join(sorted(members))


def _characters(part: str) -> str:
    if part.startswith("["):
        return part[1:]
    return CLASSES.get(part.upper(), part)


def _class(part: str) -> str:
    characters = _characters(part)
    if not characters:
        return "(?!)"
    return "[" + "".join(re.escape(sign) for sign in characters) + "]"


def _place(part: str) -> Place:
    special = {".": _ANYTHING, "!": _NOTHING_MORE, "[": _BROKEN}.get(part)
    if special is not None:
        return (special, 0)
    characters = _characters(part)
    bits = sum(1 << (255 - ord(sign) % 256) for sign in characters)
    return (len(characters) << 8 | ord(characters[0]) % 256, -bits)
