"""Hundreds of lines from debootstrap, told as one count per second."""

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TextIO

Say = Callable[[str], None]
"""Takes one line for the person who waits."""

STAGES = {
    "Retrieving": "Downloading packages",
    "Extracting": "Unpacking the base system",
    "Unpacking": "Unpacking packages",
    "Configuring": "Setting up packages",
}


@dataclass(slots=True)
class Progress:
    """Counts debootstrap's lines. Only after the downloads is the number of packages known."""

    seen: dict[str, set[str]] = field(default_factory=dict)

    def read(self, line: str) -> str | None:
        """The news in one line of output, None when there is none."""
        words = line.removeprefix("I: ").rstrip(".").split()
        if len(words) < 2 or words[0] not in STAGES:  # noqa: PLR2004 - a verb and a package
            return None
        packages = self.seen.setdefault(words[0], set())
        packages.add(words[1])
        total = "" if words[0] in ("Retrieving", "Extracting") else f" of {len(self.seen.get('Retrieving', ()))}"
        return f"{STAGES[words[0]]}: {len(packages)}{total}"


def tell(lines: Iterable[str], say: Say, clock: Callable[[], float] = time.monotonic) -> None:
    """Read ``lines`` to their end, and ``say`` how far they are at most once per second."""
    progress, told = Progress(), clock()
    for line in lines:
        news = progress.read(line)
        if news is not None and clock() - told >= 1:
            told = clock()
            say(news)


class Console:
    """A ``say`` for people: on a terminal a new count replaces the old one, elsewhere every line stays."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._head = ""

    def __call__(self, line: str) -> None:
        """Show ``line``."""
        head, counts, _ = line.partition(": ")
        if self._out.isatty() and counts and head == self._head:
            line = f"\x1b[A\r\x1b[K{line}"  # up one line, and over it
        self._head = head
        print(line, file=self._out, flush=True)
