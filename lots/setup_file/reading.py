"""Text of a file -> a document of the right form, or every fault that can be found without the database."""

import json
from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from lots.config.setup import WhenFull
from lots.models.lot import SHORTEST
from lots.setup_file.export import Document
from lots.setup_file.faults import Fault, Faults, WrongFile
from lots.setup_file.fields import DOCUMENT, FORMAT, KEYS, VERSION

LONGEST = 10_000_000
"""Bytes of a file: some thousand lots."""


def read(file: bytes) -> Document:
    """The document in ``file``. Raises ``WrongFile``."""
    found = _loads(file)
    faults = Faults()
    _check_format(found, faults)
    faults.stop()
    document: Document = DOCUMENT(found, "", faults)
    faults.stop()
    for section, key in KEYS.items():
        _check_keys(document[section], section, key, faults)
    _check_both(document, faults)
    for number, entry in enumerate(document["lots"]):
        _check_lot(entry, f"lots[{number}]", faults)
    faults.stop()
    return document


def _loads(file: bytes) -> Any:
    if len(file) > LONGEST:
        raise WrongFile([Fault("", _("The file is larger than %d MB.") % (LONGEST // 1_000_000))])
    try:
        return json.loads(file.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise WrongFile([Fault("", _("The file is no text in UTF-8."))]) from None
    except json.JSONDecodeError as error:
        words = _("This is no JSON from line %(line)d, column %(column)d on: %(error)s.")
        said = words % {"line": error.lineno, "column": error.colno, "error": error.msg}
        raise WrongFile([Fault("", said)]) from None
    except (ValueError, RecursionError) as error:
        raise WrongFile([Fault("", _("This is no JSON that can be read: %s") % error)]) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = next((key for key, times in Counter(key for key, _value in pairs).items() if times > 1), None)
    if twice is not None:
        raise ValueError(_("“%s” is there twice in one object.") % twice)
    return dict(pairs)


def _no_number(word: str) -> Any:
    raise ValueError(_("%s is no number.") % word)


def _check_format(found: Any, faults: Faults) -> None:
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        faults.say("", _("This is not a setup file of Parkinglot: its “format” should be “%s”.") % FORMAT)
    elif found.get("version") != VERSION:
        words = _("this Parkinglot reads version %(ours)d, the file has %(theirs)s.")
        faults.say("version", words % {"ours": VERSION, "theirs": found.get("version")})


def _check_keys(entries: list[Document], section: str, key: str, faults: Faults) -> None:
    first: dict[str, int] = {}
    for number, entry in enumerate(entries):
        place, value = f"{section}[{number}].{key}", entry[key]
        if not value:
            faults.say(place, _("may not be empty."))
        elif value in first:
            faults.say(
                place,
                _("“%(value)s” is the same as in %(other)s.")
                % {
                    "value": value,
                    "other": f"{section}[{first[value]}]",
                },
            )
        first.setdefault(value, number)


def _check_both(document: Document, faults: Faults) -> None:
    """A lot is set up here, or was found on the PBX."""
    managed = {entry["name"] for entry in document["lots"]}
    for number, entry in enumerate(document["found_lots"]):
        if entry["name"] in managed:
            faults.say(f"found_lots[{number}].name", _("“%s” is one of “lots” already.") % entry["name"])


def _check_lot(entry: Document, place: str, faults: Faults) -> None:
    """As the lot's form does."""
    first, last = entry["first_slot"], entry["last_slot"]
    if last < first:
        faults.say(f"{place}.last_slot", _("must not be below the first."))
    if 0 < entry["timeout"] < SHORTEST:
        faults.say(f"{place}.timeout", _("at least %d seconds, or 0 for never.") % SHORTEST)
    if entry["timeout"] and entry["reminder"] >= entry["timeout"]:
        faults.say(f"{place}.reminder", _("must come before the timeout."))
    if entry["when_full"] == WhenFull.OVERFLOW and not entry["overflow"]:
        faults.say(f"{place}.overflow", _("name the lot that takes the calls."))
    for slot in entry["slot_names"]:
        if not first <= slot <= last:
            words = _("this lot has the slots %(first)d to %(last)d.")
            faults.say(f"{place}.slot_names.{slot}", words % {"first": first, "last": last})
