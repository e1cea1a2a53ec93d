"""What a backup says about itself: the first thing that is read, and the last that is written."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lots.backup.faults import BackupError

FORMAT = "parkinglot-backup"
VERSION = 1
"""Of the file's own form; what is in the tables is told by ``migrations``."""
NAME = "manifest.json"
NOT_OURS = "This is no backup of a Parkinglot portal."


@dataclass(frozen=True, slots=True)
class Table:
    """``model`` is app_label.model_name; its rows are lists of values in the order of ``fields`` (attribute names)."""

    model: str
    fields: tuple[str, ...]
    rows: int

    @property
    def member(self) -> str:
        """Where its rows stand in the archive."""
        return f"rows/{self.model}.jsonl"


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive; ``sha256`` in hexadecimal."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``portal`` is the version that made it, ``migrations`` what its database had, as app.name."""

    portal: str
    made_at: datetime
    database: str
    migrations: tuple[str, ...]
    tables: tuple[Table, ...]
    members: Mapping[str, Member]


def written(manifest: Manifest) -> bytes:
    """As JSON."""
    told = {**asdict(manifest), "made_at": manifest.made_at.isoformat(), "format": FORMAT, "version": VERSION}
    return json.dumps(told, indent=1).encode()


def read(text: bytes) -> Manifest:
    """The manifest in ``text``. Raises ``BackupError``."""
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise BackupError(NOT_OURS)
        if told["version"] > VERSION:
            raise BackupError(f"This backup was made by a newer portal ({told['portal']}). Install that one first.")
        return _manifest(told)
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(NOT_OURS) from error


def _manifest(told: Mapping[str, Any]) -> Manifest:
    return Manifest(
        portal=str(told["portal"]),
        made_at=datetime.fromisoformat(told["made_at"]),
        database=str(told["database"]),
        migrations=tuple(told["migrations"]),
        tables=tuple(Table(one["model"], tuple(one["fields"]), int(one["rows"])) for one in told["tables"]),
        members={name: Member(int(one["bytes"]), one["sha256"]) for name, one in told["members"].items()},
    )
