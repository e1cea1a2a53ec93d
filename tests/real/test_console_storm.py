"""Ten receptionists click at random while callers come, give up and time out: nobody is lost, nobody taken twice."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.portal import Portal

CLICKS = 250
KINDS = ["retrieve"] * 4 + ["take_next", "send", "claim", "note", "move", "more_time", "end"]
ENDS = {"connected", "failed", "done"}
HONEST = {
    "taken", "claimed_by", "caller_left", "timed_out", "moved", "not_parked", "busy_already", "nobody_waiting",
    "phone_no_answer", "busy_call", "phone_unregistered", "phone_declined", "slot_taken", "lot_full",
    "there_already", "not_moved",
}  # fmt: skip
"""Reasons to fail that may be true in a storm; some colleagues' phones are switched off."""


@pytest.fixture
def portal(asterisk: RealAsterisk, tmp_path: Path) -> Iterator[Portal]:
    """A portal of its own."""
    with Portal(tmp_path, asterisk.pbx.runtime_url) as portal:
        yield portal
        asterisk.hang_up_all()


@pytest.fixture
def desks(portal: Portal) -> Iterator[list[BoardSocket]]:
    """Ten receptionists' boards."""
    portal.sessions |= json.loads(portal.script("crowd"))
    with ExitStack() as boards:
        desks = [boards.enter_context(portal.board(name)) for name in portal.sessions if name.startswith("desk")]
        for desk in desks:
            desk.hearing()
            desk.until(lambda desk=desk: len(desk.lists["colleagues"]) >= len(desks), "everybody's phone")
        yield desks


def come(ami: Ami, dice: random.Random) -> None:
    """Somebody is parked; every third gives up soon, and one lot gives back after two seconds."""
    ami.send(
        "Originate",
        Channel="Local/call@demo-callers/n",
        Context="demo-park",
        Exten=dice.choice(["reception", "reception", "quick"]),
        Priority="1",
        CallerID='"Maria Keller" <+4930123456>',
        Variable=[f"PATIENCE={dice.choice([1.5, 40, 60])}", "DEMO_PARKER=201"],
        Async="true",
    )


def click(desk: BoardSocket, dice: random.Random) -> str:
    """Some order about some call, as drawn at this moment."""
    kind = dice.choice(KINDS)
    if kind == "take_next" or not desk.slots:
        return desk.order("take_next", lot=None, phone=None)
    (lot, slot), _ = dice.choice(sorted(desk.slots.items()))
    fields = {
        "retrieve": {"phone": None},
        "send": {"to": dice.choice(desk.lists["colleagues"])["id"]},
        "note": {"note": "urgent", "for_name": "Tom"},
        "move": {"to_lot": dice.choice(sorted(x["id"] for x in desk.lots.values())), "to_slot": None},
        "more_time": {"seconds": 120},
    }
    return desk.act(kind, slot, lot, **fields.get(kind, {}))


def read_all(desks: list[BoardSocket]) -> None:
    for desk in desks:
        while desk.read(0.001):
            pass


def endings(desk: BoardSocket) -> dict[str, str]:
    """The end of each order, by its name; AssertionError when one ended twice."""
    ends = [(m["command"], m["code"]) for m in desk.heard if m["type"] == "progress" and m["state"] in ENDS]
    assert len(ends) == len(dict(ends)), ends
    return dict(ends)


def test_nobody_is_lost_and_nobody_is_taken_twice(desks: list[BoardSocket], portal: Portal, asterisk: RealAsterisk):
    seed = random.randrange(10**6)
    print("seed", seed)
    with asterisk.ami() as ami:
        given = storm(desks, ami, random.Random(seed))
        eventually(lambda: _all_ended(desks, given), "an end of every order")
        codes = Counter(endings(desk)[command] for desk, command in given)
        assert set(codes) - HONEST <= {"connected", "held", "noted", "moved_to", "extended", "ended"}, codes
        assert codes["connected"] > 10, codes
        eventually(lambda: _boards_are_true(desks, ami), "boards that show what Asterisk has")
        ami.ping()
        taken = [(e["ParkeeUniqueid"], e["RetrieverUniqueid"]) for e in ami.events if e["Event"] == "UnParkedCall"]
        legs = [leg for _, leg in taken if leg.startswith("parkinglot-")]
        assert len(set(legs)) == len(legs) == codes["connected"], (taken, codes)
        eventually(lambda: not _strays(ami), "an end of our own channels")
        asterisk.hang_up_all()
        eventually(lambda: read_all(desks) or not any(desk.slots for desk in desks), "empty boards")
        eventually(lambda: not {"", "left"} & {row["outcome"] for row in portal.rows()}, "one ending of each stay")
        assert sum(row["outcome"] == "retrieved" for row in portal.rows()) == len(taken)


def storm(desks: list[BoardSocket], ami: Ami, dice: random.Random) -> list[tuple[BoardSocket, str]]:
    """Callers come and people click, all at random; which orders were given, and at which desk."""
    given = []
    for number in range(CLICKS):
        if number % 5 == 0:
            come(ami, dice)
        ami.ping()
        desk = dice.choice(desks)
        given.append((desk, click(desk, dice)))
        read_all(desks)
        time.sleep(dice.random() * 0.12)  # people take their time; nothing is waited for
    return given


def eventually(true: Callable[[], object], what: str, patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, f"no {what}"
        time.sleep(0.1)


def _all_ended(desks: list[BoardSocket], given: list[tuple[BoardSocket, str]]) -> bool:
    read_all(desks)
    return all(command in endings(desk) for desk, command in given)


def _boards_are_true(desks: list[BoardSocket], ami: Ami) -> bool:
    read_all(desks)
    calls = ami.items("ParkedCalls")
    truth = {call["ParkeeUniqueid"]: (call["Parkinglot"], int(call["ParkingSpace"])) for call in calls}
    return all(desk.parked() == truth for desk in desks)


def _strays(ami: Ami) -> list[str]:
    return [c["Channel"] for c in ami.items("CoreShowChannels") if c["Uniqueid"].startswith("parkinglot-")]
