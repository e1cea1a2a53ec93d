"""Which settings are in the file, in which order, and what each may be. What is not named here never gets in.

Kinds and defaults come from the models: a file written by hand may leave out what has a default.
"""

from typing import Any

from django.db import models

from lots.models import FallbackStep, HoldMusic, LotRight, PagingZone, ParkingLot, Pbx, Phone
from lots.setup_file.shape import (
    Check,
    Entry,
    lines,
    list_of,
    maybe,
    names_of_slots,
    one_of,
    shape,
    text,
    whole,
    yes_no,
)

FORMAT, VERSION = "parkinglot-setup", 1

PBX = ("phone_contexts", "trunk_contexts")
PHONE = ("number", "name", "device", "brand")
MUSIC = ("name", "label", "kind", "directory", "stream", "decoder", "sort")
ZONE = ("label", "overhead", "multicast", "text", "quiet_from", "quiet_until", "gap", "repeats")
LOT = (
    *("name", "label", "description", "on_board", "first_slot", "last_slot", "next_slot", "park_code"),
    *("retrieve_code", "next_code", "separate", "timeout", "reminder", "ring_parker", "prefix_text", "prefix_slot"),
    *("prefix_number", "prefix_name", "alert_info", "message", "when_full", "announce", "courtesy_tone"),
    *("courtesy_to", "transfers", "reparking", "long_after", "soon_before"),
)
STEP = ("kind", "seconds", "mailbox", "location")
RIGHT = ("see", "park", "retrieve", "page", "end")
FOUND = ("name", "label", "on_board", "long_after", "soon_before")
"""Of a lot that was found on the PBX."""


def _entries(model: type[models.Model], names: tuple[str, ...]) -> dict[str, Entry]:
    return {name: _entry(model._meta.get_field(name)) for name in names}  # noqa: SLF001  (documented API)


def _entry(field: Any) -> Entry:
    if not field.has_default() and not field.blank:
        return Entry(_check(field))
    return Entry(_check(field), field.get_default() if field.has_default() or not field.null else None)


def _check(field: Any) -> Check:
    if field.choices:
        return one_of([value for value, _words in field.choices])
    match field:
        case models.BooleanField():
            return yes_no
        case models.IntegerField():
            return maybe(whole) if field.null else whole
        case models.TextField():
            return lines
        case models.TimeField():
            return maybe(text)
    return text


RECORDING = shape({"title": Entry(text), "file": Entry(text, "")})
RIGHTS = list_of(shape({"group": Entry(text), **_entries(LotRight, RIGHT)}))
STEPS = list_of(
    shape(
        {**_entries(FallbackStep, STEP), "phones": Entry(list_of(text), []), "lot": Entry(maybe(text), None)},
    )
)
MANAGED_LOT = shape(
    {
        **_entries(ParkingLot, LOT),
        "message_recording": Entry(maybe(RECORDING), None),
        "overflow": Entry(maybe(text), None),
        "music": Entry(maybe(text), None),
        "fallback": Entry(STEPS, []),
        "outside_numbers": Entry(list_of(text), []),
        "pin": Entry(yes_no, False),
        "slot_names": Entry(names_of_slots, {}),
        "rights": Entry(RIGHTS, []),
    }
)
FOUND_LOT = shape({**_entries(ParkingLot, FOUND), "slot_names": Entry(names_of_slots, {}), "rights": Entry(RIGHTS, [])})
DOCUMENT = shape(
    {
        "format": Entry(text),
        "version": Entry(whole),
        "pbx": Entry(shape(_entries(Pbx, PBX)), {}),
        "phones": Entry(list_of(shape({**_entries(Phone, PHONE), "owner": Entry(maybe(text), None)})), []),
        "music": Entry(list_of(shape({**_entries(HoldMusic, MUSIC), "tracks": Entry(list_of(RECORDING), [])})), []),
        "zones": Entry(
            list_of(
                shape(
                    {
                        **_entries(PagingZone, ZONE),
                        "members": Entry(list_of(text), []),
                        "recording": Entry(maybe(RECORDING), None),
                    }
                )
            ),
            [],
        ),
        "lots": Entry(list_of(MANAGED_LOT), []),
        "found_lots": Entry(list_of(FOUND_LOT), []),
    }
)
KEYS = {"phones": "number", "music": "name", "zones": "label", "lots": "name", "found_lots": "name"}
"""By section: what tells its entries apart."""
