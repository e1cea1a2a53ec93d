"""Unified diffs as a page shows them: a sign, a colour, and a word for those who see neither."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

HEAD = 2
KINDS = {"+": ("added", _("added")), "-": ("removed", _("removed")), "@": ("place", ""), " ": ("same", "")}


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line. ``word`` is for screen readers."""

    kind: str
    sign: str
    text: str
    word: Any = ""


def lines(diff: str) -> Iterator[DiffLine]:
    """Each line of ``diff`` but for the two that name the file, and headings that the next line repeats."""
    texts = diff.splitlines()
    for number, line in enumerate(texts):
        if number < HEAD and line.startswith(("--- ", "+++ ")):
            continue
        kind, word = KINDS.get(line[:1], ("said", ""))
        if kind == "said":
            yield DiffLine(kind, "", line)
        elif kind == "place":
            heading = line.rpartition("@@")[2].strip()
            follows = texts[number + 1][1:] if number + 1 < len(texts) else ""
            yield DiffLine(kind, "", "" if follows == heading else heading)
        else:
            yield DiffLine(kind, line[:1], line[1:], word)
