"""Calls that waited too long, with real phones: seen on their way back, retrieved out of the ringing, kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.board_socket import BoardSocket, Message
from tests.kit.portal import Portal
from tests.kit.waiting import publish_lots, quick_lot, ring

LONG = 15.0
"""Seconds within which a call waits too long and a phone rings, also on a busy machine."""


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk: RealAsterisk) -> None:
    publish_lots(asterisk, quick_lot("chain", 6001, ring("PJSIP/204", seconds=15), ring_parker=2))


@pytest.fixture
def own_portal(asterisk: RealAsterisk, tmp_path: Path) -> Iterator[Portal]:
    """One that is stopped in between."""
    with Portal(tmp_path, asterisk.pbx.runtime_url) as portal:
        yield portal
    asterisk.hang_up_all()


def parked(asterisk: RealAsterisk, ami: Ami, lot: str = "quick") -> Event:
    """Maria Keller is parked by 203 and goes back after a second or two."""
    return asterisk.demo_call(ami, lot, patience=90)


def on_the_way(board: BoardSocket, call: Event, **fields: Any) -> Message:
    """What is told of the call on its way back, once these fields are so."""
    wanted = {"uniqueid": call["ParkeeUniqueid"], **fields}
    board.until(lambda: any(wanted.items() <= one.items() for one in board.lists["returning"]), f"{wanted}", LONG)
    return board.named("returning", **wanted)


def over(board: BoardSocket, call: Event) -> None:
    gone = call["ParkeeUniqueid"]
    board.until(lambda: all(one["uniqueid"] != gone for one in board.lists["returning"]), f"end of {gone}", LONG)


def stay(portal: Portal, call: Event, outcome: str = "timed_out") -> dict[str, Any]:
    rows = [row for row in portal.rows() if row["uniqueid"] == call["ParkeeUniqueid"] and row["outcome"] == outcome]
    assert len(rows) == 1, portal.rows()
    return rows[0]


def retrieve(board: BoardSocket, back: Message) -> str:
    return board.order("retrieve", lot=back["lot"], slot=back["slot"], uniqueid=back["uniqueid"], phone=None)


def ringing(ami: Ami, number: str) -> bool:
    return any(c["Channel"].startswith(f"PJSIP/{number}-") for c in ami.items("CoreShowChannels"))


def test_the_parker_answers(board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("203", answer_ms=1500):
        call = parked(asterisk, ami)
        slot = board.shows(call)
        back = on_the_way(board, call, stage="recall", ringing=["Desk 203"])
        board.free(slot, "quick")
        assert (back["slot"], back["caller"]["name"]) == (slot, "Maria Keller")
        over(board, call)
        assert board.named("own", uniqueid=call["ParkeeUniqueid"], state="answered")["mine"] is True
    row = stay(portal, call)
    assert (row["came"], row["came_name"], row["back_stage"]) == ("answered", "Desk 203", "")


def test_the_parker_does_not_and_the_fallback_answers(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
) -> None:
    with asterisk.phone("203", answer_ms=None), asterisk.phone("204", answer_ms=1500):
        call = parked(asterisk, ami, "chain")
        on_the_way(board, call, stage="recall", ringing=["Desk 203"])
        on_the_way(board, call, stage="fallback", ringing=["Desk 204"])
        over(board, call)
        assert board.named("own", uniqueid=call["ParkeeUniqueid"], state="answered", by="Desk 204", mine=False)
    row = stay(portal, call)
    assert (row["came"], row["came_name"]) == ("answered", "Desk 204")


def test_a_caller_who_hangs_up_meanwhile_is_missed(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
) -> None:
    with asterisk.phone("203", answer_ms=None):
        call = parked(asterisk, ami)
        back = on_the_way(board, call, ringing=["Desk 203"])
        ami.action("Hangup", Channel=call["ParkeeUniqueid"])
        over(board, call)
        assert board.named("missed", id=back["id"], how="hung_up")
        assert board.named("own", uniqueid=call["ParkeeUniqueid"], state="hung_up")
    assert stay(portal, call)["came"] == "hung_up"


def test_nobody_answers_at_all(board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("203", status=486), asterisk.phone("204", status=486):
        call = parked(asterisk, ami, "chain")
        back = on_the_way(board, call, stage="fallback", ringing=[])
        over(board, call)
        assert board.named("missed", id=back["id"], how="unanswered")
    assert stay(portal, call)["came"] == "unanswered"


@pytest.mark.parametrize("lot", ["quick", "chain"], ids=["native", "our dialplan"])
def test_a_colleague_retrieves_while_the_parker_rings(
    portal: Portal, asterisk: RealAsterisk, ami: Ami, lot: str
) -> None:
    with (
        portal.board("ron") as ron,
        asterisk.phone("203", answer_ms=None) as parker,
        asterisk.phone("204", answer_ms=300) as phone,
    ):
        call = parked(asterisk, ami, lot)
        back = on_the_way(ron, call, stage="recall", ringing=["Desk 203"])
        command = retrieve(ron, back)
        ron.progress(command, "connected", LONG)
        assert parker.received("CANCEL"), "it does not ring on"
        assert phone.received("INVITE").display() == "Maria Keller"
        over(ron, call)
        ron.free(back["slot"], lot)  # it is written before it is told
        assert not ringing(ami, "203")
    assert stay(portal, call)["came"] == "parked"
    assert stay(portal, call, "retrieved")["slot"] == back["slot"]


def test_a_phone_that_does_not_answer_leaves_the_caller_parked(
    portal: Portal, asterisk: RealAsterisk, ami: Ami
) -> None:
    with portal.board("ron") as ron, asterisk.phone("203", answer_ms=None), asterisk.phone("204", status=486):
        call = parked(asterisk, ami)
        back = on_the_way(ron, call, ringing=["Desk 203"])
        assert ron.progress(retrieve(ron, back), "failed", LONG)["code"] == "phone_busy"
        again = on_the_way(ron, call, ringing=["Desk 203"])  # its time in the slot is over once more
        assert again["id"] != back["id"]


def test_a_talk_that_was_just_answered_is_not_torn(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
) -> None:
    with portal.board("ron") as ron, asterisk.phone("203", answer_ms=None) as parker, asterisk.phone("204"):
        call = parked(asterisk, ami)
        back = on_the_way(ron, call, ringing=["Desk 203"])
        parker.answer()
        ami.event("BridgeEnter", Uniqueid=call["ParkeeUniqueid"], BridgeType="basic")
        assert ron.progress(retrieve(ron, back), "failed")["code"] in {"taken", "not_parked"}
        over(ron, call)
        assert ringing(ami, "203"), "they talk on"
        assert not ringing(ami, "204")


def test_parked_again_by_somebody_else_meanwhile(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
) -> None:
    with asterisk.phone("203", answer_ms=None):
        call = parked(asterisk, ami)
        on_the_way(board, call, ringing=["Desk 203"])
        ami.action("Park", Channel=call["ParkeeUniqueid"], TimeoutChannel="PJSIP/203-00000000", Parkinglot="reception")
        over(board, call)
        event = ami.event("ParkedCall", ParkeeUniqueid=call["ParkeeUniqueid"], Parkinglot="reception")
        again = board.slots["reception", board.shows(event)]
        assert again["waiting_since"] < again["parked_at"], "the caller goes on waiting"
    assert stay(portal, call)["came"] == "parked"


def test_a_full_lot_loses_nobody(portal: Portal, asterisk: RealAsterisk, ami: Ami) -> None:
    with portal.board("ron") as ron, asterisk.phone("203", answer_ms=None), asterisk.phone("204"):
        call = parked(asterisk, ami)
        back = on_the_way(ron, call, ringing=["Desk 203"])
        for _ in range(3):
            other = asterisk.demo_call(ami, "reception")
            ami.action("Park", Channel=other["ParkeeUniqueid"], Parkinglot="quick", Timeout="60000")
            ami.event("ParkedCall", ParkeeUniqueid=other["ParkeeUniqueid"])
        assert ron.progress(retrieve(ron, back), "failed", LONG)["code"] == "lot_full"
        assert on_the_way(ron, call, ringing=["Desk 203"]), "it rings on"


def test_one_whose_time_runs_out_while_the_bridge_is_down_is_found(
    own_portal: Portal, asterisk: RealAsterisk, ami: Ami
) -> None:
    with asterisk.phone("203", answer_ms=None) as parker:
        with own_portal.board("ron") as before:
            call = parked(asterisk, ami)
            before.shows(call)
            own_portal.stop()
        parker.received("INVITE")
        own_portal.start()
        with own_portal.board("ron") as after:
            on_the_way(after, call, stage="recall", ringing=["Desk 203"])
    assert stay(own_portal, call)["came"] == ""


@pytest.mark.parametrize("meanwhile", ["rings on", "answered", "gone"])
def test_the_bridge_restarts_meanwhile(own_portal: Portal, asterisk: RealAsterisk, ami: Ami, meanwhile: str) -> None:
    with asterisk.phone("203", answer_ms=None) as parker:
        call = parked(asterisk, ami)
        with own_portal.board("ron") as before:
            on_the_way(before, call, ringing=["Desk 203"])
        own_portal.stop()
        if meanwhile == "answered":
            parker.answer()
            ami.event("BridgeEnter", Uniqueid=call["ParkeeUniqueid"], BridgeType="basic")
        elif meanwhile == "gone":
            ami.action("Hangup", Channel=call["ParkeeUniqueid"])
        own_portal.start()
        with own_portal.board("ron") as after:
            if meanwhile == "rings on":
                on_the_way(after, call, stage="recall", ringing=["Desk 203"])
                ami.action("Hangup", Channel=call["ParkeeUniqueid"])
            over(after, call)
    came = {"rings on": ("hung_up", ""), "answered": ("answered", "Desk 203"), "gone": ("unknown", "")}
    row = stay(own_portal, call)
    assert (row["came"], row["came_name"]) == came[meanwhile]
