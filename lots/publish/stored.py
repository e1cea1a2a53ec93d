"""Files as a ``Publication`` keeps them: file name -> [[section, owner, [[name, value, arrow], ...]], ...]."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from lots.config.conf import ConfFile, Line, Section
from lots.config.setup import Door, Lot, Music, MusicKind, Prefix, Setup, Side, Step, StepKind, WhenFull
from lots.models import Publication


class Unreadable(ValueError):  # noqa: N818  (reads as what happened)
    """A publication's files no longer pass: the rules are stricter than when it was made, or it was tampered with."""


def stored(files: Mapping[str, ConfFile]) -> dict[str, Any]:
    """For the column ``files``."""
    return {name: [_kept(section) for section in file.sections] for name, file in files.items()}


def _kept(section: Section) -> list[Any]:
    return [section.name, section.owner, [[line.name, line.value, line.arrow] for line in section.lines]]


def files_of(publication: Publication | None) -> dict[str, ConfFile]:
    """What ``publication`` told the PBX; None: nothing. The gate looks at every line again: raises ``Unreadable``."""
    kept: dict[str, Any] = publication.files if publication else {}
    try:
        return {name: ConfFile(name, tuple(_section(*section) for section in kept[name])) for name in kept}
    except (ValueError, TypeError, AttributeError) as error:
        raise Unreadable(str(error)) from error


def _section(name: str, owner: str, lines: list[list[Any]]) -> Section:
    return Section(name, tuple(Line(*line) for line in lines), owner)


def setup_stored(setup: Setup) -> dict[str, Any]:
    """For the column ``setup``."""
    return asdict(setup)


def setup_of_publication(publication: Publication | None) -> Setup:
    """The setup ``publication`` was made of; empty when there is none, or it can no longer be read."""
    kept: dict[str, Any] = publication.setup if publication else {}
    try:
        return Setup(
            lots=tuple(_lot(lot) for lot in kept.get("lots", ())),
            music=tuple(
                Music(**{**one, "kind": MusicKind(one["kind"]), "urls": tuple(one["urls"]), "lan": True})
                for one in kept.get("music", ())
            ),
        )
    except (TypeError, ValueError, KeyError):  # a newer portal knows other fields: then its words say less
        return Setup()


def _lot(kept: dict[str, Any]) -> Lot:
    parts = {
        "prefix": Prefix(**kept["prefix"]),
        "steps": tuple(_step(step) for step in kept["steps"]),
        "door": Door(**{**kept["door"], "numbers": tuple(kept["door"]["numbers"])}),
        "when_full": WhenFull(kept["when_full"]),
        **{name: Side(kept[name]) for name in ("courtesy_to", "transfers", "reparking")},
    }
    return Lot(**{**kept, **parts, "lan": True})  # what was published once passed the rules of its day


def _step(kept: dict[str, Any]) -> Step:
    return Step(**{**kept, "kind": StepKind(kept["kind"]), "devices": tuple(kept["devices"])})
