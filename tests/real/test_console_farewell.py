"""A sentence before the end, with real phones: the caller hears it and is hung up on; nobody else ever is."""

import io
import urllib.request
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from lots.bridge import farewell
from lots.types.calls import Call
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.ear import FRAME, LOUD, Ear
from tests.kit.portal import Portal
from tests.kit.published import talking
from tests.kit.sip import Caller

WORDS = "Nobody is free just now. Please call again later."


@contextmanager
def waiting(asterisk: RealAsterisk, board: BoardSocket, ami: Ami, ear: Ear) -> Iterator[tuple[Caller, int]]:
    """Bob calls 203, who parks him; Bob's phone and his slot."""
    with asterisk.phone("203") as phone, asterisk.caller(to="203", ear=ear.port) as caller:
        talking(ami, phone)
        phone.blind_transfer("700")
        yield caller, board.shows(ami.event("ParkedCall", ParkeeCallerIDNum="5551001"))


def spoken(ami: Ami) -> str:
    """The address of what is being said."""
    (leg,) = [one for one in ami.items("CoreShowChannels") if one["ApplicationData"].startswith(farewell.BEFORE)]
    return str(leg["ApplicationData"].partition("&")[2])


def loud(address: str) -> float:
    """Seconds of sound in a recording, as an ear counts them."""
    with urllib.request.urlopen(address) as answer, wave.open(io.BytesIO(answer.read())) as sound:
        samples = memoryview(sound.readframes(sound.getnframes())).cast("h")
    step = int(8000 * FRAME)
    return FRAME * sum(max(map(abs, samples[at : at + step])) > LOUD for at in range(0, len(samples), step))


def test_the_caller_hears_the_sentence_and_is_hung_up_on(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    with Ear() as ear, waiting(asterisk, board, ami, ear) as (caller, slot):
        uniqueid = board.slots["reception", slot]["uniqueid"]
        asked = board.act("end", slot, message=WORDS)
        board.progress(asked, "saying")
        ear.forget()
        expected = loud(spoken(ami))
        end = board.progress(asked, "done", timeout=20)
        caller.received("BYE")
        board.free(slot)
        assert end["code"] == "ended"
        assert abs(ear.loud() - expected) < 0.6, "the sentence, and no music"
    (row,) = [row for row in portal.rows() if row["uniqueid"] == uniqueid]
    assert (row["outcome"], row["retrieved_by__username"], row["remark"]) == ("ended", "rita", WORDS)
    assert row["retriever_number"] == ""


def test_a_caller_who_hangs_up_meanwhile_has_not_heard_all_of_it(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    with Ear() as ear, waiting(asterisk, board, ami, ear) as (caller, slot):
        uniqueid = board.slots["reception", slot]["uniqueid"]
        asked = board.act("end", slot, message=WORDS)
        board.progress(asked, "saying")
        caller.hang_up()
        assert board.progress(asked, "done")["code"] == "ended_early"
    (row,) = [row for row in portal.rows() if row["uniqueid"] == uniqueid]
    assert row["outcome"] == "ended"
    assert not [one for one in ami.items("CoreShowChannels") if one["Uniqueid"].startswith(farewell.FAREWELL)]


def test_who_was_taken_a_moment_ago_goes_on_talking(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    with Ear() as ear, waiting(asterisk, board, ami, ear) as (_, slot):
        uniqueid = board.slots["reception", slot]["uniqueid"]
        with asterisk.dial("205", str(slot)):
            ami.event("UnParkedCall")
            asked = board.act("end", slot, message=WORDS)  # this page has not read it yet
            assert board.progress(asked, "failed")["code"] in {"taken", "not_parked"}
            assert in_a_talk(ami, uniqueid)
    (row,) = [row for row in portal.rows() if row["uniqueid"] == uniqueid]
    assert (row["outcome"], row["retriever_number"], row["remark"]) == ("retrieved", "205", "")


def test_asterisk_itself_lets_nothing_into_a_talk(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    """What is asked for the moment after somebody took the call, before the board could know."""
    with Ear() as ear, waiting(asterisk, board, ami, ear) as (_, slot):
        uniqueid = board.slots["reception", slot]["uniqueid"]
        with asterisk.dial("205", str(slot)):
            ami.event("UnParkedCall")
            now = datetime.now(UTC)
            call = Call(uniqueid=uniqueid, channel="", lot="reception", slot=slot, parked_at=now)
            leg, address = f"{farewell.FAREWELL}late", f"http://127.0.0.1:1/audio/{'a' * 64}.wav"
            headers = farewell.originate("parkinglot-retrieve", call, leg, address)
            variables = [value for name, value in headers if name == "Variable"]
            ami.action("Originate", **(dict(headers) | {"Variable": variables}))
            assert ami.event("OriginateResponse", Uniqueid=leg)["Response"] == "Failure"
            ear.forget()
            ami.event("Hangup", Uniqueid=farewell.other_half(leg))
            assert in_a_talk(ami, uniqueid)
            assert ear.loud() == 0


def why(board: BoardSocket) -> str:
    asked = board.order("can_say", lot=board.lots["reception"]["id"])
    return str(board.progress(asked, "done")["params"]["why"])


def test_whether_anything_can_be_said_is_known_before(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    assert why(board) == ""
    asterisk.pbx.cli("dialplan remove context parkinglot-retrieve")
    try:
        assert why(board) == "no_guard"
        slot = board.shows(asterisk.demo_call(ami))
        assert board.progress(board.act("end", slot, message=WORDS), "failed")["code"] == "no_guard"
        board.until(lambda: board.slots["reception", slot]["state"] == "parked", "the caller where they were")
    finally:
        asterisk.pbx.cli("dialplan reload")
        assert "parkinglot-retrieve" in asterisk.pbx.cli("dialplan show parkinglot-retrieve")


def in_a_talk(ami: Ami, uniqueid: str) -> bool:
    channels = ami.items("CoreShowChannels")
    (mine,) = [one for one in channels if one["Uniqueid"] == uniqueid]
    return sum(one["BridgeId"] == mine["BridgeId"] for one in channels) == 2
