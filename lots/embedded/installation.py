"""Where an Asterisk is installed: on this host, or in a directory of its own."""

import hashlib
import os
import pwd
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

USER = "asterisk"
"""The unprivileged user that Debian's and Ubuntu's packages make."""
ENTER = Path(__file__).with_name("enter.py")
"""Changes root and user in a process of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """An Asterisk program: ``binary`` as seen inside ``root`` (None: the host itself)."""

    binary: str
    version: str
    """Such as ``22.10.1``."""
    root: Path | None = None

    def folder(self, name: str, home: Path) -> str:
        """The directory of instance ``name`` as Asterisk sees it; ``home`` keeps equal names apart."""
        if self.root is None:
            return str(home / "asterisk")
        return f"/srv/{name}-{hashlib.sha256(bytes(home)).hexdigest()[:8]}"

    def outside(self, path: str) -> Path:
        """The host's name of a path Asterisk knows as ``path``."""
        return Path(path) if self.root is None else self.root / path.lstrip("/")

    def command(self, *words: str, home: Path) -> list[str]:
        """Run ``words`` inside ``root`` as this Asterisk's user, killed when the thread that started it ends."""
        uid, gid = self.owner(home) or (-1, -1)
        enter = [sys.executable, "-I", str(ENTER), str(os.getpid()), str(self.root or "/"), str(uid), str(gid)]
        return [*enter, *words]

    def owner(self, home: Path) -> tuple[int, int] | None:
        """User and group id Asterisk changes to; None: it stays what we are.

        That is so without root, and where the user could not even reach ``home`` (below /root, say).
        """
        if self.root is not None:
            return _passwd_ids((self.root / "etc/passwd").read_text().splitlines())
        if os.geteuid() != 0 or not _reachable(home):
            return None
        try:
            entry = pwd.getpwnam(USER)
        except KeyError:
            return None
        return entry.pw_uid, entry.pw_gid


def _passwd_ids(lines: Sequence[str]) -> tuple[int, int]:
    fields = next(line.split(":") for line in lines if line.startswith(f"{USER}:"))
    return int(fields[2]), int(fields[3])


def _reachable(path: Path) -> bool:
    """Whether everybody may walk down to ``path``."""
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)
