"""Names for Asterisk, made of what people call things."""

import re
import unicodedata
from collections.abc import Container, Iterator
from itertools import count

from lots.config.gate import DENIED, RESERVED

TAKEN = RESERVED | {"default"}
"""And the lot every Asterisk has: a new one of that name would change it."""

LONGEST = 26
"""Letters of a name; the gate takes four more, for a number at the end."""


def name_for(label: str, taken: Container[str] = (), fallback: str = "lot") -> str:
    """A name that passes the gate and is not ``taken``: ``Empfang Nord`` becomes ``empfang-nord``."""
    plain = unicodedata.normalize("NFKD", label.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not name or not name[0].isalpha() or name in TAKEN or f"{name}-".startswith("native-"):
        name = f"{fallback}-{name}".strip("-")
    name = _allowed(name)[:LONGEST].rstrip("-")
    return next(free for free in _numbered(name) if free not in taken)


def _allowed(name: str) -> str:
    """Asterisk looks for some words anywhere in a name; a hyphen takes them apart (``prof-ile``)."""
    while found := next((word for word in DENIED if word in name), None):
        name = name.replace(found, f"{found[0]}-{found[1:]}")
    return name


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in count(2))
