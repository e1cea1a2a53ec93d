"""Files as a ``Publication`` keeps them: file name -> [[section, owner, [[name, value, arrow], ...]], ...]."""

from collections.abc import Mapping
from typing import Any

from lots.config.conf import ConfFile, Line, Section
from lots.models import Publication


def stored(files: Mapping[str, ConfFile]) -> dict[str, Any]:
    """For the column ``files``."""
    return {name: [_kept(section) for section in file.sections] for name, file in files.items()}


def _kept(section: Section) -> list[Any]:
    return [section.name, section.owner, [[line.name, line.value, line.arrow] for line in section.lines]]


def files_of(publication: Publication | None) -> dict[str, ConfFile]:
    """What ``publication`` told the PBX; None: nothing. The gate looks at every line again."""
    kept: dict[str, Any] = publication.files if publication else {}
    return {name: ConfFile(name, tuple(_section(*section) for section in kept[name])) for name in kept}


def _section(name: str, owner: str, lines: list[list[Any]]) -> Section:
    return Section(name, tuple(Line(*line) for line in lines), owner)
