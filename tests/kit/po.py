"""Reads a gettext catalogue (.po)."""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

LINE = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\]) (".*")')


@dataclass(slots=True)
class Entry:
    """One text with its translations: one, or one for each number (German: one, many)."""

    texts: dict[str, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.texts.get("msgctxt", ""), self.texts.get("msgid", "")

    @property
    def source(self) -> str:
        """The text that has all placeholders."""
        return self.texts.get("msgid_plural", self.texts["msgid"])

    @property
    def translations(self) -> list[str]:
        return [text for name, text in self.texts.items() if name.startswith("msgstr")]


def entries(path: Path) -> list[Entry]:
    """All but the header and what is not used any more."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    return [entry for block in blocks if (entry := _entry(block)).texts.get("msgid")]


def _entry(block: str) -> Entry:
    entry, name = Entry(), ""
    for line in block.splitlines():
        if line.startswith("#"):
            entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
        elif found := LINE.fullmatch(line):
            name = found[1]
            entry.texts[name] = ast.literal_eval(found[2])
        else:
            entry.texts[name] += ast.literal_eval(line)
    return entry
