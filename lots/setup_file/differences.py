"""Two documents compared: what an import creates, changes, removes, and what stays though the file does not name it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lots.setup_file.export import Document
from lots.setup_file.fields import KEYS


class What(StrEnum):
    """What becomes of an entry."""

    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry. ``details`` are its settings that change, as ``first_slot: 701 → 711``."""

    what: What
    section: str
    name: str
    label: str = ""
    details: tuple[str, ...] = ()


def differences(before: Document, after: Document, file: Document) -> list[Difference]:
    """``before`` and ``after`` are the whole setup; ``file`` says what was meant."""
    found = []
    if details := tuple(_details(before["pbx"], after["pbx"])):
        found.append(Difference(What.CHANGED, "pbx", "", "", details))
    for section, key in KEYS.items():
        found += _section(section, key, before[section], after[section], {entry[key] for entry in file[section]})
    return found


def _section(
    section: str, key: str, before: list[Document], after: list[Document], named: set[str]
) -> Iterator[Difference]:
    old, new = ({entry[key]: entry for entry in entries} for entries in (before, after))
    for name in sorted({*old, *new}):
        entry = new.get(name, old.get(name, {}))
        label = str(entry.get("label") or entry.get("name") or "")
        if name not in old:
            yield Difference(What.CREATED, section, name, label)
        elif name not in new:
            yield Difference(What.REMOVED, section, name, label)
        elif details := tuple(_details(old[name], new[name])):
            yield Difference(What.CHANGED, section, name, label, details)
        elif name not in named:
            yield Difference(What.STAYS, section, name, label)


def _details(before: Document, after: Document) -> Iterator[str]:
    for name, value in after.items():
        if value != before[name]:
            yield f"{name}: {_short(before[name])} → {_short(value)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004  (as long as a line of a page)
