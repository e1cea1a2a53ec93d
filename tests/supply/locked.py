"""Reads files that `make lock` writes, and what is known of the packages in them."""

import re
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import Marker

TOP = Path(__file__).resolve().parents[2]
RUN, TEST = TOP / "requirements.txt", TOP / "tests" / "requirements.txt"
USUAL = {
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "python_version": "3.11",
    "python_full_version": "3.11.9",
}
"""Where the portal mostly runs. What a marker keeps for elsewhere is pinned, but not listed."""

_ENTRY = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>.+))?")


@dataclass(frozen=True)
class Package:
    """One entry; ``hashes`` are SHA-256 of every file of that version."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def is_usual(self) -> bool:
        """Whether it is installed where the portal mostly runs."""
        return not self.marker or Marker(self.marker).evaluate(USUAL)

    @property
    def installed(self) -> Distribution | None:
        """What is installed here under its name."""
        try:
            return distribution(self.name)
        except PackageNotFoundError:
            return None


def locked(file: Path) -> list[Package]:
    """Everything in ``file``. Raises ``ValueError`` at a line that is no entry."""
    text = re.sub(r"^#.*\n", "", file.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [_package(line) for line in text.splitlines() if line.strip()]


def _package(line: str) -> Package:
    head, *hashes = re.split(r"\s+--hash=sha256:", line.strip())
    found = _ENTRY.fullmatch(head.strip())
    if not found:
        raise ValueError(line)
    return Package(found["name"], found["version"], found["marker"] or "", tuple(one.strip() for one in hashes))
