"""What publishing a setup changes, for people: codes with parameters, which are said in the reader's language. PURE."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lots.config.setup import Lot, Music

SENTENCES = {
    "lot_new": "New. {first} to {last} become available, the park code is {code}.",
    "lot_gone": "Removed. {first} to {last} and the park code {code} do nothing any more.",
    "gone_waiting": "Calls parked there now: {count}; they can be taken until they are gone.",
    "slots_more": "{first} to {last} become available.",
    "slots_fewer": "{first} to {last} are no slots any more.",
    "outside_waiting": "Calls parked outside the new slots: {count}; they stay reachable.",
    "code": "The {what} becomes {after} instead of {before}.",
    "code_new": "{after} becomes the {what}.",
    "code_gone": "{before} is no {what} any more.",
    "timeout": "Callers go back after {after} seconds instead of {before}.",
    "timeout_new": "Callers go back after {after} seconds; until now they waited without end.",
    "timeout_gone": "Callers wait without end; until now they went back after {before} seconds.",
    "music": "Hold music becomes {after}.",
    "music_default": "Hold music becomes the PBX’s own.",
    "numbers": "Outside numbers are {after}.",
    "numbers_gone": "It cannot be reached from outside any more.",
    "pin_new": "Callers from outside must enter a PIN.",
    "pin_changed": "The PIN for callers from outside changes.",
    "pin_gone": "Callers from outside need no PIN any more.",
    "steps": "Where calls go that waited too long changes.",
    "other": "Changed: {what}.",
    "music_class_new": "New hold music.",
    "music_class_changed": "What it plays changes.",
    "music_class_gone": "Removed hold music.",
}
"""By code, in English; parameters are texts. Whose sentence it is stands before it."""

CODES = {"park_code": "park code", "retrieve_code": "retrieve code", "next_code": "take-next code"}
OTHERS = {
    "next_slot": "the order in which slots are filled",
    "separate": "which phones reach it",
    "reminder": "the reminder",
    "ring_parker": "how long the parker is rung",
    "prefix": "the prefix before the caller’s name",
    "alert_info": "the ring tone",
    "message": "the message to the caller",
    "when_full": "what happens when it is full",
    "overflow": "the overflow lot",
    "announce": "whether the slot is said",
    "courtesy_tone": "the courtesy tone",
    "courtesy_to": "who hears the courtesy tone",
    "transfers": "who may transfer by DTMF",
    "reparking": "who may park again by DTMF",
}
"""Settings whose change is named and no more."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that changes."""

    code: str
    params: dict[str, str] = field(default_factory=dict, hash=False)


def lot_items(before: Lot | None, after: Lot | None, waiting: Sequence[int] = ()) -> list[Item]:
    """What changes for one lot; None: it was, or is, not there. ``waiting``: slots in which callers wait now."""
    if after is None:
        return _gone(before, waiting) if before else []
    return list(_changed(before, after, waiting)) if before else _new(after)


def music_items(before: Music | None, after: Music | None) -> list[Item]:
    """The same for a class of hold music."""
    if before == after:
        return []
    ending = "changed" if before and after else "new" if after else "gone"
    return [Item(f"music_class_{ending}")]


def _new(lot: Lot) -> list[Item]:
    return [Item("lot_new", {**_range(lot.first, lot.last), "code": lot.park_code})]


def _gone(lot: Lot, waiting: Sequence[int]) -> list[Item]:
    gone = [Item("lot_gone", {**_range(lot.first, lot.last), "code": lot.park_code})]
    if waiting:
        gone.append(Item("gone_waiting", {"count": str(len(waiting))}))
    return gone


def _range(first: int, last: int) -> dict[str, str]:
    return {"first": str(first), "last": str(last)}


def _changed(old: Lot, new: Lot, waiting: Sequence[int]) -> Iterator[Item]:
    yield from _slots(old, new, waiting)
    for name, what in CODES.items():
        yield from _value("code", str(getattr(old, name)), str(getattr(new, name)), what=what)
    yield from _value("timeout", str(old.timeout or ""), str(new.timeout or ""))
    if old.music != new.music:
        yield Item("music" if new.music else "music_default", {"after": new.music})
    yield from _door(old, new)
    if old.steps != new.steps:
        yield Item("steps")
    for name, what in OTHERS.items():
        if getattr(old, name) != getattr(new, name):
            yield Item("other", {"what": what})


def _value(code: str, old: str, new: str, **params: str) -> Iterator[Item]:
    if old != new:
        ending = "" if old and new else "_new" if new else "_gone"
        yield Item(code + ending, {"before": old, "after": new, **params})


def _slots(old: Lot, new: Lot, waiting: Sequence[int]) -> Iterator[Item]:
    for first, last in _without((new.first, new.last), (old.first, old.last)):
        yield Item("slots_more", _range(first, last))
    for first, last in _without((old.first, old.last), (new.first, new.last)):
        yield Item("slots_fewer", _range(first, last))
    outside = sum(slot not in new.slots for slot in waiting)
    if outside and (old.first, old.last) != (new.first, new.last):
        yield Item("outside_waiting", {"count": str(outside)})


def _without(whole: tuple[int, int], part: tuple[int, int]) -> list[tuple[int, int]]:
    """The ranges of ``whole`` that are not in ``part``."""
    if part[1] < whole[0] or whole[1] < part[0]:
        return [whole]
    rest = [(whole[0], part[0] - 1), (part[1] + 1, whole[1])]
    return [(first, last) for first, last in rest if first <= last]


def _door(old: Lot, new: Lot) -> Iterator[Item]:
    if set(old.door.numbers) != set(new.door.numbers):
        yield Item("numbers" if new.door.numbers else "numbers_gone", {"after": ", ".join(new.door.numbers)})
    pin = (old.door.pin_salt, old.door.pin_hash), (new.door.pin_salt, new.door.pin_hash)
    if pin[0] != pin[1]:
        ending = "changed" if old.door.pin_hash and new.door.pin_hash else "new" if new.door.pin_hash else "gone"
        yield Item(f"pin_{ending}")
