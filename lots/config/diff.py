"""What two configurations have otherwise: whose it is, and line by line. PURE."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from lots.config.conf import FILES, LEAVING, ConfFile, Section

Files = Mapping[str, ConfFile]
"""File name -> file; a file that is missing is empty."""
Kind = Literal["added", "changed", "removed"]
AROUND = 3
"""Lines shown before and after a change."""


@dataclass(frozen=True, slots=True)
class Difference:
    """``owner`` is ``lot:<name>``, ``music:<name>``, or ``""`` for what all lots share."""

    owner: str
    kind: Kind


def differences(before: Files, after: Files) -> tuple[Difference, ...]:
    """Per owner, in the order of ``after``, then what is gone, then what all share.

    A list of all lots changes with every lot that comes or goes: that alone is nobody's difference.
    """
    old, new = _by_owner(before), _by_owner(after)
    found = [Difference(owner, "changed" if owner in old else "added") for owner in new if old.get(owner) != new[owner]]
    gone = [Difference(owner, "removed") for owner in old if owner not in new]
    return tuple(sorted(found + gone, key=lambda one: not one.owner))


def _by_owner(files: Files) -> dict[str, list[object]]:
    owners: dict[str, list[object]] = {}
    for name in FILES:
        for section in files[name].sections if name in files else ():
            if section.owner.startswith(LEAVING):
                continue
            lines = [line for line in section.lines if section.owner or line.name != "include"]
            owners.setdefault(section.owner, []).append((name, section.name, lines))
    for owned in owners.values():
        owned.sort(key=repr)
    return owners


def texts(before: Files, after: Files) -> dict[str, str]:
    """A unified diff for each file that differs. The order of sections means nothing to Asterisk, nor here."""
    pairs = ((name, before.get(name, ConfFile(name, ())), after.get(name, ConfFile(name, ()))) for name in FILES)
    found = {name: "".join(_diff(old, new)) for name, old, new in pairs}
    return {name: f"--- {name}\n+++ {name}\n{text}" for name, text in found.items() if text}


def _diff(old: ConfFile, new: ConfFile) -> Iterator[str]:
    was, now = _placed(old), _placed(new)
    for name in dict.fromkeys((*now, *was)):
        (at_old, lines_old), (at_new, lines_new) = was.get(name, (0, [])), now.get(name, (0, []))
        if lines_old != lines_new:
            yield from _hunks(name, at_old, lines_old, at_new, lines_new)


def _placed(file: ConfFile) -> dict[str, tuple[int, list[str]]]:
    """Section -> how many lines stand before it in the file, and its lines with the head."""
    found: dict[str, tuple[int, list[str]]] = {}
    at = 2
    for section in file.sections:
        lines = section.text.splitlines()
        if section.name in found:
            found[section.name][1].extend(lines)
        else:
            found[section.name] = (at, lines)
        at += len(lines) + 1
    return found


def _hunks(name: str, at_old: int, old: list[str], at_new: int, new: list[str]) -> Iterator[str]:
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        _, from_old, _, from_new, _ = group[0]
        _, _, to_old, _, to_new = group[-1]
        was = f"-{_span(at_old + from_old, to_old - from_old)}"
        yield f"@@ {was} +{_span(at_new + from_new, to_new - from_new)} @@ [{name}]\n"
        for tag, a, b, c, d in group:
            if tag == "equal":
                yield from (f" {line}\n" for line in old[a:b])
            else:
                yield from (f"-{line}\n" for line in old[a:b])
                yield from (f"+{line}\n" for line in new[c:d])


def _span(before: int, length: int) -> str:
    """A hunk's place; ``before`` lines stand before it. An empty one names the line before it, as diff(1) does."""
    return f"{before + 1 if length else before},{length}"


def option(files: Files, file: str, section: str, name: str) -> str:
    """The value of one option; ``""`` when it is not there."""
    found: Section | None = files[file].section(section) if file in files else None
    return next((line.value for line in found.lines if line.name == name), "") if found else ""
