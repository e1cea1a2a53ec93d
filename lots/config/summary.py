"""What publishing a setup changes, for people: codes with parameters, which are said in the reader's language. PURE."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lots.config.setup import Lot, Music
from lots.types.words import gettext_noop

SENTENCES = {
    "lot_new": gettext_noop("New. {first} to {last} become available, the park code is {code}."),
    "lot_gone": gettext_noop("Removed. {first} to {last} and the park code {code} do nothing any more."),
    "gone_waiting": gettext_noop("Calls parked there now: {count}; they can be taken until they are gone."),
    "slots_more": gettext_noop("{first} to {last} become available."),
    "slots_fewer": gettext_noop("{first} to {last} are no slots any more."),
    "outside_waiting": gettext_noop("Calls parked outside the new slots: {count}; they stay reachable."),
    "code": gettext_noop("The {what} becomes {after} instead of {before}."),
    "code_new": gettext_noop("{after} becomes the {what}."),
    "code_gone": gettext_noop("{before} is no {what} any more."),
    "timeout": gettext_noop("Callers go back after {after} seconds instead of {before}."),
    "timeout_new": gettext_noop("Callers go back after {after} seconds; until now they waited without end."),
    "timeout_gone": gettext_noop("Callers wait without end; until now they went back after {before} seconds."),
    "music": gettext_noop("Hold music becomes {after}."),
    "music_default": gettext_noop("Hold music becomes the PBX’s own."),
    "numbers": gettext_noop("Outside numbers are {after}."),
    "numbers_gone": gettext_noop("It cannot be reached from outside any more."),
    "pin_new": gettext_noop("Callers from outside must enter a PIN."),
    "pin_changed": gettext_noop("The PIN for callers from outside changes."),
    "pin_gone": gettext_noop("Callers from outside need no PIN any more."),
    "steps": gettext_noop("Where calls go that waited too long changes."),
    "other": gettext_noop("Changed: {what}."),
    "music_class_new": gettext_noop("New hold music."),
    "music_class_changed": gettext_noop("What it plays changes."),
    "music_class_gone": gettext_noop("Removed hold music."),
}
"""By code, in English; parameters are texts. Whose sentence it is stands before it."""

CODES = {
    "park_code": gettext_noop("park code"),
    "retrieve_code": gettext_noop("retrieve code"),
    "next_code": gettext_noop("take-next code"),
}
OTHERS = {
    "next_slot": gettext_noop("the order in which slots are filled"),
    "separate": gettext_noop("which phones reach it"),
    "reminder": gettext_noop("the reminder"),
    "ring_parker": gettext_noop("how long the parker is rung"),
    "prefix": gettext_noop("the prefix before the caller’s name"),
    "alert_info": gettext_noop("the ring tone"),
    "message": gettext_noop("the message to the caller"),
    "when_full": gettext_noop("what happens when it is full"),
    "overflow": gettext_noop("the overflow lot"),
    "announce": gettext_noop("whether the slot is said"),
    "courtesy_tone": gettext_noop("the courtesy tone"),
    "courtesy_to": gettext_noop("who hears the courtesy tone"),
    "transfers": gettext_noop("who may transfer by DTMF"),
    "reparking": gettext_noop("who may park again by DTMF"),
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
