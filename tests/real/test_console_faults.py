"""What the console's orders say, and leave behind, when something has come first: orders times faults, as a table.

After each: the call is where it was (or gone, as the fault says) with its note, unclaimed, and no phone rings.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.portal import Portal
from tests.kit.published import park
from tests.kit.waiting import no_strays

pytestmark = pytest.mark.slow

Give = Callable[[BoardSocket], dict[str, Any]]
DRAWN: dict[str, Give] = {
    "retrieve": lambda _: {"phone": None},
    "send": lambda board: {"to": board.named("colleagues", number="204")["id"]},
    "claim": lambda _: {},
    "note": lambda _: {"note": "another", "for_name": ""},
    "move": lambda board: {"to_lot": board.lots["reception"]["id"], "to_slot": 708},
    "more_time": lambda _: {"seconds": 600},
    "end": lambda _: {},
    "page": lambda board: {"zone": board.named("zones", label="Hall")["id"]},
    "notify": lambda board: {"to": board.named("colleagues", number="204")["id"], "text": "please"},
}
"""Orders about the call that was drawn: their other fields."""
EXCLUSIVE = ["retrieve", "send", "claim", "move", "more_time", "end"]
"""Those that only one person at a time may give."""


@pytest.fixture
def board(zones: Portal, portal: Portal) -> Iterator[BoardSocket]:
    with portal.board("rita") as board:
        board.say(type="resync")
        board.named("zones", label="Hall")
        yield board


@pytest.fixture
def parked(board: BoardSocket, asterisk: RealAsterisk, ami: Ami) -> Event:
    """A caller with a note."""
    event = asterisk.demo_call(ami)
    slot = board.shows(event)
    board.progress(board.act("note", slot, note="urgent", for_name="Tom"), "done")
    board.until(lambda: board.slots["reception", slot]["note"] == "urgent", "the note")
    return event


def untouched(board: BoardSocket, ami: Ami, place: tuple[str, int] | None, uniqueid: str) -> None:
    """The call is parked there (None: nowhere), as it was; nothing of ours is left."""
    board.until(lambda: board.parked().get(uniqueid) == place, f"{uniqueid} in {place}")
    if place:
        board.until(lambda: board.slots[place]["state"] == "parked", "an unclaimed call")
        assert board.slots[place]["note"] == "urgent"
    no_strays(ami)


def hung_up(asterisk: RealAsterisk, ami: Ami, stack: ExitStack, call: Event) -> None:
    ami.action("Hangup", Channel=call["ParkeeChannel"])
    ami.event("ParkedCallGiveUp", ParkeeUniqueid=call["ParkeeUniqueid"])


def taken(asterisk: RealAsterisk, ami: Ami, stack: ExitStack, call: Event) -> None:
    stack.enter_context(asterisk.dial("205", call["ParkingSpace"]))
    ami.event("UnParkedCall", ParkeeUniqueid=call["ParkeeUniqueid"])


def followed(asterisk: RealAsterisk, ami: Ami, stack: ExitStack, call: Event) -> None:
    """Hung up, and another caller is in that slot."""
    hung_up(asterisk, ami, stack, call)
    assert asterisk.demo_call(ami)["ParkingSpace"] == call["ParkingSpace"]


def moved(asterisk: RealAsterisk, ami: Ami, stack: ExitStack, call: Event) -> None:
    ami.action("Setvar", Channel=call["ParkeeChannel"], Variable="PARKINGEXTEN", Value="709")
    ami.action("Park", Channel=call["ParkeeChannel"], TimeoutChannel="PJSIP/203-0", Parkinglot="reception")
    ami.event("ParkedCall", ParkeeUniqueid=call["ParkeeUniqueid"])


FAULTS = {hung_up: "not_parked", taken: "not_parked", followed: "not_parked", moved: "moved"}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_what_was_drawn_is_not_there_any_more(
    board: BoardSocket, asterisk: RealAsterisk, ami: Ami, parked: Event, fault: Callable[..., None]
):
    """Every order, as a page that has not heard of it yet would send it."""
    slot, uniqueid = int(parked["ParkingSpace"]), parked["ParkeeUniqueid"]
    where = {"lot": board.lots["reception"]["id"], "slot": slot, "uniqueid": uniqueid}
    with ExitStack() as stack, asterisk.phone("203") as ours, asterisk.phone("204") as theirs:
        fault(asterisk, ami, stack, parked)
        place = ("reception", 709) if fault is moved else None
        others = {c["ParkeeUniqueid"]: (c["Parkinglot"], int(c["ParkingSpace"])) for c in ami.items("ParkedCalls")}
        board.until(lambda: board.parked() == others, "what has come first")
        codes = {
            kind: board.progress(board.order(kind, **where, **give(board)), "failed")["code"]
            for kind, give in DRAWN.items()
        }
        assert codes == dict.fromkeys(DRAWN, FAULTS[fault])
        untouched(board, ami, place, uniqueid)
        assert board.parked() == others, "nobody else either"
        assert ours.invited + theirs.invited == []


def test_what_a_colleague_is_at_is_left_to_them(board: BoardSocket, portal: Portal, ami: Ami, parked: Event):
    slot = int(parked["ParkingSpace"])
    with portal.board("ron") as ron:
        ron.slot(slot)
        ron.progress(ron.act("claim", slot), "done")
        board.until(lambda: board.slots["reception", slot]["claimed_by"] == "Ron Front", "Ron's claim")
        for kind in EXCLUSIVE:
            told = board.progress(board.act(kind, slot, **DRAWN[kind](board)), "failed")
            assert (kind, told["code"], told["params"]) == (kind, "claimed_by", {"by": "Ron Front"})
        ron.progress(ron.act("unclaim", slot), "done")
    untouched(board, ami, ("reception", slot), parked["ParkeeUniqueid"])


def test_a_right_is_taken_away_while_the_page_is_open(board: BoardSocket, portal: Portal, ami: Ami, parked: Event):
    """The page still has its buttons; what they mean is asked for anew with each click."""
    slot = int(parked["ParkingSpace"])
    with portal.board("ron") as ron:
        ron.slot(slot)
        fields = {kind: give(board) for kind, give in DRAWN.items()}
        missed = missed_by(board, ami, "204")
        portal.script("demote")
        try:
            codes = {kind: ron.progress(ron.act(kind, slot, **fields[kind]), "failed")["code"] for kind in DRAWN}
            lot = board.lots["reception"]["id"]
            for kind, more in {
                "take_next": {"lot": None, "phone": None},
                "call_back": {"missed": missed, "phone": None},
                "settle": {"missed": missed, "remark": "", "undo": False},
                "calls": {},
                "park": {"call": "1.1", "lot": lot, "to_slot": None},
            }.items():
                codes[kind] = ron.progress(ron.order(kind, **more), "failed")["code"]
            assert set(codes.values()) == {"forbidden"}, codes
        finally:
            portal.script("promote")
    untouched(board, ami, ("reception", slot), parked["ParkeeUniqueid"])


def missed_by(board: BoardSocket, ami: Ami, number: str) -> int:
    """Somebody with this number who hung up while parked, as the list tells."""
    known = {one["id"] for one in board.lists["missed"]}
    event = park(ami, number, "reception")
    board.shows(event)
    ami.action("Hangup", Channel=event["ParkeeChannel"])
    board.until(lambda: {one["id"] for one in board.lists["missed"]} - known, "another missed call")
    return next(int(one["id"]) for one in board.lists["missed"] if one["id"] not in known)


def ring(board: BoardSocket, ami: Ami, kind: str, slot: int, number: str) -> str:
    """An order that rings a phone: of a colleague, with ``number``, or one's own."""
    if kind == "send":
        return board.act("send", slot, to=board.named("colleagues", number=number)["id"])
    if kind == "take_next":
        return board.order("take_next", lot=None, phone=None)
    if kind == "call_back":
        return board.order("call_back", missed=missed_by(board, ami, "205"), phone=None)
    return board.act(kind, slot, phone=None)


RINGING = ["retrieve", "send", "take_next", "call_back"]
REFUSALS = {486: "phone_busy", 603: "phone_declined"}


@pytest.mark.parametrize("status", REFUSALS)
@pytest.mark.parametrize("kind", RINGING)
def test_the_phone_refuses(board: BoardSocket, asterisk: RealAsterisk, ami: Ami, parked: Event, kind: str, status: int):
    slot, number = int(parked["ParkingSpace"]), "204" if kind == "send" else "203"
    with asterisk.phone(number, status=status), asterisk.phone("205") as theirs:
        told = board.progress(ring(board, ami, kind, slot, number), "failed")
        assert (told["code"], told["params"]["phone"]) == (REFUSALS[status], number)
        untouched(board, ami, ("reception", slot), parked["ParkeeUniqueid"])
        assert theirs.invited == [], "nobody was called back"


@pytest.mark.parametrize("kind", RINGING)
def test_the_phone_is_off(portal: Portal, board: BoardSocket, ami: Ami, parked: Event, kind: str):
    """Una's own has never been on."""
    slot = int(parked["ParkingSpace"])
    with portal.board("una") as una:
        una.slot(slot)
        told = una.progress(ring(una, ami, kind, slot, "202"), "failed")
        assert (told["code"], told["params"]["phone"]) == ("phone_unregistered", "202")
    untouched(board, ami, ("reception", slot), parked["ParkeeUniqueid"])


FIRST = {hung_up: "caller_left", taken: "taken", moved: "moved"}
"""What comes first while the phone rings, and how the order ends then."""


@pytest.mark.parametrize("fault", FIRST, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("kind", ["retrieve", "send", "take_next"])
def test_something_comes_first_while_the_phone_rings(
    board: BoardSocket, asterisk: RealAsterisk, ami: Ami, parked: Event, kind: str, fault: Callable[..., None]
):
    slot, number = int(parked["ParkingSpace"]), "204" if kind == "send" else "203"
    with asterisk.phone(number, answer_ms=None) as phone, ExitStack() as stack:
        command = ring(board, ami, kind, slot, number)
        board.progress(command, "ringing")
        fault(asterisk, ami, stack, parked)
        assert board.progress(command, "failed")["code"] == FIRST[fault]
        assert phone.received("CANCEL")
        place = ("reception", 709) if fault is moved else None
        untouched(board, ami, place, parked["ParkeeUniqueid"])


@pytest.mark.parametrize("kind", RINGING)
def test_the_person_stops_the_ringing(board: BoardSocket, asterisk: RealAsterisk, ami: Ami, parked: Event, kind: str):
    slot, number = int(parked["ParkingSpace"]), "204" if kind == "send" else "203"
    with asterisk.phone(number, answer_ms=None) as phone:
        command = ring(board, ami, kind, slot, number)
        board.progress(command, "ringing")
        board.say(type="cancel", command=command)
        assert board.progress(command, "failed")["code"] == "cancelled"
        assert phone.received("CANCEL")
        untouched(board, ami, ("reception", slot), parked["ParkeeUniqueid"])


def test_nobody_answers(board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami):
    """The real thirty seconds, for three orders at a time: one's own phone, a colleague's, and for a missed caller."""
    with ExitStack() as stack:
        phones = {
            number: stack.enter_context(asterisk.phone(number, answer_ms=None)) for number in ("203", "204", "205")
        }
        ron = stack.enter_context(portal.board("ron"))
        missed = missed_by(ron, ami, "204")
        first, second = (board.shows(asterisk.demo_call(ami, patience=60)) for _ in range(2))
        sent = ring(board, ami, "send", second, "205")
        board.progress(sent, "ringing")
        own = ring(board, ami, "take_next", 0, "")
        board.progress(own, "ringing")
        back = ron.order("call_back", missed=missed, phone=None)
        ron.progress(back, "ringing")
        for page, command, number in ((board, sent, "205"), (board, own, "203"), (ron, back, "204")):
            told = page.progress(command, "failed", timeout=40)
            assert (told["code"], told["params"]["phone"]) == ("phone_no_answer", number)
            assert phones[number].received("CANCEL")
        board.until(lambda: {slot["state"] for slot in board.slots.values()} == {"parked"}, "unclaimed calls")
        assert {slot for _, slot in board.slots} == {first, second}
