"""What Asterisk says: recorded lines, with a fresh call in each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from tests.recordings import section

VERSION = "22"
LOT = b"sales"
FIRST, LAST = 701, 900
"""The slots of the lot."""
EPOCH = 1795468502
"""Seconds since 1970 in the Uniqueids, as Asterisk makes them: ``<start of the call>.<number>``."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What Asterisk says, and by which bytes a board's copy of it is known."""

    lines: bytes
    pattern: str
    """A regular expression of the bytes that a board gets; JSON with or without spaces."""
    times: int = 1
    """Different matches that make it complete."""


def lots() -> bytes:
    """The answer to ``Parkinglots``: the recorded lots, one of them large enough for every case."""
    before, name, after = section(VERSION, "lots").partition(b"Name: " + LOT + b"\r\n")
    after = re.sub(
        rb"StartSpace: \d+\r\nStopSpace: \d+\r\nTimeout: \d+",
        b"StartSpace: %d\r\nStopSpace: %d\r\nTimeout: 45" % (FIRST, LAST),
        after,
        count=1,
    )
    return before + name + after


def _recorded(event: bytes) -> bytes:
    blocks = section(VERSION, "retrieve").split(b"\r\n\r\n")
    return next(block for block in blocks if block.startswith(b"Event: " + event + b"\r\n")) + b"\r\n\r\n"


def _with(block: bytes, slot: int, uniqueid: str) -> bytes:
    for header, value in (
        (b"ParkeeUniqueid", uniqueid.encode()),
        (b"ParkeeLinkedid", uniqueid.encode()),
        (b"Parkinglot", LOT),
        (b"ParkingSpace", b"%d" % slot),
    ):
        block = re.sub(rb"(?m)^%s: [^\r]*" % header, header + b": " + value, block)
    return block


PARKED, TAKEN = _recorded(b"ParkedCall"), _recorded(b"UnParkedCall")


def single() -> Iterator[Broadcast]:
    """Calls parked and taken in turn, each in the next slot, for ever."""
    for number in count():
        slot, uniqueid = FIRST + number % (LAST - FIRST + 1), f"{EPOCH}.{number}"
        yield Broadcast(_with(PARKED, slot, uniqueid), f'"{re.escape(uniqueid)}"')
        yield Broadcast(_with(TAKEN, slot, uniqueid), rf'"slot": ?{slot}, ?"state": ?"free"')


def burst(number: int, calls: int) -> tuple[Broadcast, Broadcast]:
    """``calls`` calls at once, in different slots, and the end of them all; ``number`` tells the bursts apart."""
    epoch = EPOCH + number + 1
    places = [(FIRST + place, f"{epoch}.{place}") for place in range(calls)]
    parked = b"".join(_with(PARKED, *place) for place in places)
    taken = b"".join(_with(TAKEN, *place) for place in places)
    return (
        Broadcast(parked, rf'"uniqueid": ?"({epoch}\.\d+)"', calls),
        Broadcast(taken, r'"slot": ?(\d+), ?"state": ?"free"', calls),
    )
