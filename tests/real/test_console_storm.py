"""Two minutes in which ten receptionists click at random on forty callers, who come, give up and wait too long.

Nobody is lost, nobody is taken twice, every board is true in the end, and history tells each stay and how it ended.
"""

import json
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lots.bridge.farewell import FAREWELL
from lots.config.setup import Lot
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.portal import Portal
from tests.kit.waiting import no_strays, publish_lots

pytestmark = [pytest.mark.slow, pytest.mark.one_at_a_time]  # ten desks are enough for two cores

WORDS_ONLY = ("Event: (Un)?ParkedCall", "Event: Dial(Begin|End)", "Event: Hangup[[:cntrl:]]")
"""Of all that Asterisk tells: reading the rest would keep the boards waiting, and the portal closes one that waits."""
SECONDS = float(os.environ.get("STORM_SECONDS", "120"))
WAITING = 40
"""Callers who are parked at a time."""
AT_ONCE = 2
"""Orders of one desk that may be under way: a storm that piles up what a busy machine cannot do proves nothing."""
LOTS = (
    Lot(name="hall", first=6501, last=6540, park_code="6500", timeout=60),
    Lot(name="short", first=6601, last=6615, park_code="6600", timeout=4, ring_parker=5),
    Lot(name="minded", first=6701, last=6715, park_code="6700", reminder=2, timeout=5, ring_parker=5),
)
KINDS = ["retrieve"] * 4 + ["take_next", "send", "claim", "note", "move", "more_time", "end", "end"]
ENDED = ("ended", "ended_early", "ended_unsaid")
HONEST = {
    "taken", "claimed_by", "caller_left", "timed_out", "moved", "not_parked", "busy_already", "nobody_waiting",
    "phone_no_answer", "busy_call", "phone_unregistered", "phone_declined", "slot_taken", "lot_full",
    "there_already", "not_moved", "not_ended", "bridge_silent",
}  # fmt: skip
"""Reasons to fail that may be true in a storm, on a busy machine; some colleagues' phones are switched off."""


@pytest.fixture(autouse=True)
def _published(asterisk: RealAsterisk) -> None:
    publish_lots(asterisk, *LOTS)


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
    """Somebody is parked; some give up soon."""
    ami.send(
        "Originate",
        Channel="Local/call@demo-callers/n",
        Context="demo-park",
        Exten=dice.choice(["hall", "hall", "short", "minded"]),
        Priority="1",
        CallerID='"Maria Keller" <+4930123456>',
        Variable=[f"PATIENCE={dice.choice([2, 8, 30, 120])}", "DEMO_PARKER=201"],
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
        "end": {"message": dice.choice(["", "Goodbye.", "Nobody is free just now."])},
    }
    return desk.act(kind, slot, lot, **fields.get(kind, {}))


def read_all(desks: list[BoardSocket]) -> None:
    for desk in desks:
        while desk.read(0.001):
            pass


def _odd(desks: list[BoardSocket]) -> list[dict[str, object]]:
    """What Asterisk refused, in its words."""
    return [message for desk in desks for message in desk.heard if message.get("code") == "asterisk_refused"]


@pytest.mark.timeout(600)
def test_nobody_is_lost_and_nobody_is_taken_twice(desks: list[BoardSocket], portal: Portal, asterisk: RealAsterisk):
    seed = random.randrange(10**6)
    print("seed", seed)
    with asterisk.ami() as ami:
        for text in WORDS_ONLY:
            ami.action("Filter", Operation="Add", Filter=text)
        storm(desks, ami, random.Random(seed))
        eventually(lambda: read_all(desks) or not any(map(under_way, desks)), "an end of every order")
        codes = Counter(code for desk in desks for code in desk.ended.values())
        assert codes.total() == sum(desk.ordered for desk in desks)
        print(codes.total(), "orders", codes, _odd(desks))
        assert set(codes) - HONEST <= {"connected", "held", "noted", "moved_to", "extended", *ENDED}, codes
        assert codes["connected"] > SECONDS / 8, codes
        eventually(lambda: _boards_are_true(desks, ami), "boards that show what Asterisk has")
        taken = [(e["ParkeeUniqueid"], e["RetrieverUniqueid"]) for e in ami.events if e["Event"] == "UnParkedCall"]
        said = [leg for _, leg in taken if leg.startswith(FAREWELL)]
        legs = [leg for _, leg in taken if leg.startswith("parkinglot-") and leg not in said]
        assert len(set(legs)) == len(legs) == codes["connected"], (taken, codes)
        assert len({parkee for parkee, _ in taken}) == len(taken), "nobody is taken twice"
        no_strays(ami, 60)
        asterisk.hang_up_all()
        eventually(lambda: read_all(desks) or not any(desk.slots for desk in desks), "empty boards")
        eventually(lambda: not {"", "left"} & {row["outcome"] for row in portal.rows()}, "one ending of each stay")
        ami.ping()
        told = stays(ami.events)
        print(len(told), "callers", Counter(outcome for outcomes in told.values() for outcome in outcomes))
        found = written(portal)
        assert sum(row["outcome"] == "ended" and bool(row["remark"]) for row in portal.rows()) == len(said)
        odd = {uid for uid in {*found, *told} if found.get(uid) != told.get(uid)}
        for uid in odd:
            print(uid, found.get(uid), told.get(uid), *sequence(ami.events, uid), sep="\n")
            print(*(row for row in portal.rows() if row["uniqueid"] == uid), sep="\n")
        assert not odd


def stays(heard: Iterable[Event]) -> dict[str, list[str]]:
    """How each stay of each caller ended, by uniqueid, as Asterisk told it.

    Who is parked again in the very slot they have just left (a reminder, more time) never left it, unless a phone was
    rung for them. In the end all have hung up, and who was not known to have left otherwise did so while parked.
    """
    told: dict[str, list[str]] = defaultdict(list)
    place: dict[str, str] = {}
    for event in heard:
        uid, outcome = event.get("ParkeeUniqueid", event.get("Uniqueid", "")), OUTCOMES.get(event["Event"])
        if event.get("RetrieverUniqueid", "").startswith(FAREWELL):
            outcome = "abandoned"  # taken only to be told a sentence, and hung up on
        if event["Event"] == "ParkedCall" and "ActionID" not in event:
            if place.get(uid) == event["ParkingSpace"] and told[uid][-1] in {"left", "timed_out"}:
                told[uid].pop()
            elif told[uid] and told[uid][-1] == "left":
                told[uid][-1] = "moved"
            told[uid].append("")
            place[uid] = event["ParkingSpace"]
        elif event["Event"] == "DialBegin":
            place.pop(uid, None)
        elif outcome and told.get(uid):
            told[uid][-1] = outcome
    return {uid: [*before, "abandoned" if last in {"", "left"} else last] for uid, (*before, last) in told.items()}


def sequence(heard: Iterable[Event], uid: str) -> list[tuple[str, str]]:
    """What Asterisk told of one caller."""
    mine = [event for event in heard if uid in {event.get("ParkeeUniqueid"), event.get("Uniqueid")}]
    return [(event["Event"], event.get("ParkingSpace", "")) for event in mine if event["Event"] in WORDS]


OUTCOMES = {"UnParkedCall": "retrieved", "ParkedCallTimeOut": "timed_out", "ParkedCallGiveUp": "left"}
WORDS = {*OUTCOMES, "ParkedCall", "DialBegin", "DialEnd", "Hangup"}


def written(portal: Portal) -> dict[str, list[str]]:
    """The same as history has it; who was hung up on by a colleague is gone like who hung up."""
    rows: dict[str, list[str]] = defaultdict(list)
    for row in portal.rows():
        rows[row["uniqueid"]].append("abandoned" if row["outcome"] == "ended" else row["outcome"])
    return dict(rows)


def under_way(desk: BoardSocket) -> int:
    """How many of a desk's orders have not ended yet."""
    return desk.ordered - len(desk.ended)


def storm(desks: list[BoardSocket], ami: Ami, dice: random.Random) -> None:
    """Callers come and go and people click, all at random; nobody clicks on who still waits for two answers."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        ami.ping()
        for _ in range(min(3, WAITING - len(desks[0].slots))):
            come(ami, dice)
        if desks[0].slots and dice.random() < 0.05:
            ami.send("Hangup", Channel=dice.choice(sorted(desks[0].parked())))
        if idle := [desk for desk in desks if under_way(desk) < AT_ONCE]:
            click(dice.choice(idle), dice)
        read_all(desks)
        time.sleep(dice.random() * 0.12)  # people take their time; nothing is waited for


def eventually(true: Callable[[], object], what: str, patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, f"no {what}"
        time.sleep(0.1)


def _boards_are_true(desks: list[BoardSocket], ami: Ami) -> bool:
    read_all(desks)
    calls = ami.items("ParkedCalls")
    truth = {call["ParkeeUniqueid"]: (call["Parkinglot"], int(call["ParkingSpace"])) for call in calls}
    return all(desk.parked() == truth for desk in desks)
