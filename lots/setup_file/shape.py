"""Checks of form: a value of the file, its place, and where to complain. Each returns what it understood.

What is wrong is complained of and replaced by the default, so that one reading finds everything.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from lots.setup_file.faults import Faults

Check = Callable[[Any, str, Faults], Any]
REQUIRED: Any = object()
"""Instead of a default."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of an object. ``default`` stands for a key that is left out."""

    check: Check
    default: Any = REQUIRED


_NO_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def text(value: Any, place: str, faults: Faults) -> str:
    """One line without control characters."""
    if isinstance(value, str) and not _NO_LINE.search(value):
        return value
    faults.say(place, _("write one line of plain text between quotes."))
    return ""


def lines(value: Any, place: str, faults: Faults) -> str:
    """Text that may have several lines."""
    if isinstance(value, str) and not _NO_TEXT.search(value):
        return value
    faults.say(place, _("write plain text between quotes."))
    return ""


def whole(value: Any, place: str, faults: Faults) -> int:
    """A whole number that any database takes, not below 0."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 2**31 - 1:
        return value
    faults.say(place, _("write a whole number, 0 or more, without quotes."))
    return 0


def yes_no(value: Any, place: str, faults: Faults) -> bool:
    """True or false."""
    if isinstance(value, bool):
        return value
    faults.say(place, _("write true or false, without quotes."))
    return False


def maybe(check: Check) -> Check:
    """What ``check`` takes, or null."""
    return lambda value, place, faults: None if value is None else check(value, place, faults)


def one_of(choices: list[str]) -> Check:
    """One of a few words."""

    def check(value: Any, place: str, faults: Faults) -> str:
        if value in choices:
            return str(value)
        faults.say(place, _("write one of: %s.") % ", ".join(choices))
        return choices[0]

    return check


def list_of(check: Check) -> Check:
    """Any number of such things."""

    def check_all(value: Any, place: str, faults: Faults) -> list[Any]:
        if isinstance(value, list):
            return [check(item, f"{place}[{number}]", faults) for number, item in enumerate(value)]
        faults.say(place, _("write a list, in [ ]."))
        return []

    return check_all


def names_of_slots(value: Any, place: str, faults: Faults) -> dict[int, str]:
    """Names by the number of their slot."""
    if not isinstance(value, dict):
        faults.say(place, _("write an object, in { }."))
        return {}
    found = {}
    for slot, name in value.items():
        if not slot.isdecimal() or not slot.isascii() or len(slot) > 9:  # noqa: PLR2004  (as slots are)
            faults.say(f"{place}.{slot}", _("“%s” is no slot's number.") % slot)
            continue
        found[int(slot)] = text(name, f"{place}.{slot}", faults)
    return found


def shape(entries: Mapping[str, Entry]) -> Check:
    """An object with these keys and no others."""

    def check(value: Any, place: str, faults: Faults) -> dict[str, Any]:
        if not isinstance(value, dict):
            faults.say(place, _("write an object, in { }."))
            value = {}
            return {key: _default(entry) for key, entry in entries.items()}
        for key in value:
            if key not in entries:
                faults.say(_below(place, key), _unknown(key, list(entries)))
        return {key: _entry(entry, key, value, place, faults) for key, entry in entries.items()}

    return check


def _entry(entry: Entry, key: str, value: dict[str, Any], place: str, faults: Faults) -> Any:
    if key in value:
        return entry.check(value[key], _below(place, key), faults)
    if entry.default is REQUIRED:
        faults.say(_below(place, key), _("is missing."))
    return _default(entry)


def _default(entry: Entry) -> Any:
    """Understood from nothing at all; a new list each time."""
    return entry.check({} if entry.default is REQUIRED else entry.default, "", Faults())


def _below(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _unknown(key: str, known: list[str]) -> str:
    near = get_close_matches(key, known, n=1)
    if near:
        return _("there is no such setting; do you mean “%s”?") % near[0]
    return _("there is no such setting.")
