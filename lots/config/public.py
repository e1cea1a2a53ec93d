"""``parkinglot-<lot>``: the numbers people dial to park in a lot, to pick up, and their lamps."""

from collections.abc import Iterator, Mapping
from itertools import accumulate

from lots.config.conf import Line, Section, exten, same
from lots.config.gate import LONGEST_LINE
from lots.config.routines import call
from lots.config.setup import Lot, WhenFull

COMMON = "parkinglot"
"""What phones include: every lot that is not separate."""


def public_section(lot: Lot, lots: Mapping[str, Lot]) -> Section:
    """Park code, slots and codes of ``lot``; ``lots``: all of them by name, for the overflow."""
    rules = _rules(lot, lots.get(lot.overflow))
    lines = (*_park_code(lot, rules), *_slots(lot, rules), *_codes(lot))
    return Section(lot.public_context, lines, owner=f"lot:{lot.name}")


def parks_natively(lot: Lot) -> bool:
    """Whether a transfer to the park code is Asterisk's own parking, in which the parker stays on and hears the slot.

    Asterisk does that where priority 1 is ``Park`` (``parking_is_exten_park``); nothing can then be looked at first.
    """
    return lot.announce and lot.when_full is WhenFull.PARKER


def lamp_covers(lot: Lot) -> range:
    """The slots for which the park code's lamp lights: as many from the first on as one line of AMI can carry."""
    room = LONGEST_LINE - len(f"{lot.park_code},hint,") + 1
    ends = accumulate(len("&" + _device(lot, slot)) for slot in lot.slots)
    return lot.slots[: sum(end <= room for end in ends)]


def _device(lot: Lot, slot: int) -> str:
    """A slot as a device whose state Asterisk's parking reports."""
    return f"park:{slot}@{lot.native_context}"


def _rules(lot: Lot, overflow: Lot | None) -> tuple[object, ...]:
    """The eight arguments all routines of ``routines`` take; an overflow to a lot that is not ours is none."""
    lot_and_announce = (lot.name, lot.first, lot.last, "yes" if lot.announce else "")
    if lot.when_full is not WhenFull.OVERFLOW:
        return (*lot_and_announce, lot.when_full.value, "", "", "")
    if overflow is None:
        return (*lot_and_announce, WhenFull.PARKER.value, "", "", "")
    return (*lot_and_announce, lot.when_full.value, overflow.name, overflow.first, overflow.last)


def _park_code(lot: Lot, rules: tuple[object, ...]) -> Iterator[Line]:
    yield exten(lot.park_code, "hint", "&".join(_device(lot, slot) for slot in lamp_covers(lot)))
    if parks_natively(lot):
        yield exten(lot.park_code, 1, f"Park({lot.name})")
        yield same(call("unparked", *rules))
    else:
        yield exten(lot.park_code, 1, call("park", *rules))


def _slots(lot: Lot, rules: tuple[object, ...]) -> Iterator[Line]:
    for slot in lot.slots:
        yield exten(str(slot), "hint", _device(lot, slot))
        yield exten(str(slot), 1, call("slot", *rules, slot))


def _codes(lot: Lot) -> Iterator[Line]:
    if lot.retrieve_code:
        where = lot.public_context if lot.separate else COMMON
        yield exten(lot.retrieve_code, 1, call("ask", where, lot.retrieve_code, len(str(lot.last))))
        for slot in lot.slots:
            yield exten(f"{lot.retrieve_code}{slot}", 1, call("pick-up", lot.name, slot))
    if lot.next_code:
        yield exten(lot.next_code, 1, call("next", lot.name, lot.first, lot.last))
