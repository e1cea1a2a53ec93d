"""Park, move, more time and end, with an Asterisk that does what a real one does not do on demand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from lots.ami import ActionRefused, Reply
from lots.bridge.commands import ending, moving, parking
from lots.bridge.commands.parking import talks
from lots.bridge.facts import goes_back
from lots.models import ParkedCall, ParkingLot
from lots.types import events
from lots.types.calls import Party
from tests.kit.pbx_model import START, call
from tests.kit.served import BOB, Served

pytestmark = pytest.mark.django_db(transaction=True)

SHRUNK = {"Name": "desk", "StartSpace": "703", "StopSpace": "703", "Timeout": "45"}
"""The lot as Asterisk has it by now."""
CALL = {"lot": 1, "lot_name": "desk", "slot": 703, "uniqueid": "u1"}
THERE = {"to_lot_name": "desk", "to_lot_label": "Desk", "to_slot": 704}
PHONE = {"id": 5, "number": "201", "name": "Desk", "device": "PJSIP/201"}


@pytest.fixture
async def served(served: Served) -> Served:
    """Asterisk says that Bob is in his slot, and 201 in a talk."""
    served.link.answers["Getvar"] = Reply({"Value": BOB.channel})
    served.link.answers["Status"] = Reply({"Response": "Success"}, [{"BridgeID": "parking"}])
    served.link.variables["BRIDGEPEER"] = OURS["Channel"]
    return served


def channel(name: str, bridge: str, state: str = "Up", **fields: str) -> dict[str, str]:
    return {
        "Channel": name,
        "Uniqueid": f"of {name}",
        "BridgeId": bridge,
        "ChannelStateDesc": state,
        "Duration": "00:01:05",
        **fields,
    }


OURS = channel("PJSIP/201-1", "b1", ConnectedLineName="Bob", ConnectedLineNum="5551")
THEIRS = channel("PJSIP/trunk-2", "b1", ConnectedLineName="<unknown>", ConnectedLineNum="201")
PARK = {"lot": 1, "lot_name": "desk", "to_slot": 0, "call": OURS["Uniqueid"], "phones": [PHONE]}


@pytest.mark.parametrize(
    ("channels", "found"),
    [
        ([OURS, THEIRS], 1),
        ([THEIRS, OURS], 1),
        ([OURS], 0),
        ([OURS, THEIRS, channel("PJSIP/3-3", "b1")], 0),
        ([OURS, {**THEIRS, "ChannelStateDesc": "Ringing"}], 0),
        ([{**OURS, "ChannelStateDesc": "Ringing"}, THEIRS], 0),
        ([{**OURS, "BridgeId": ""}, {**THEIRS, "BridgeId": ""}], 0),
        ([{**OURS, "Channel": "PJSIP/2011-1"}, THEIRS], 0),
        ([{**OURS, "Application": "ConfBridge"}, THEIRS], 0),
        ([OURS, {**THEIRS, "Uniqueid": "parked"}], 0),
    ],
    ids=[
        "talk",
        "turned round",
        "alone",
        "conference",
        "rings there",
        "rings here",
        "no bridge",
        "another phone",
        "confbridge",
        "parked",
    ],
)
def test_only_an_answered_talk_of_two_can_be_parked(channels: list[Mapping[str, str]], found: int) -> None:
    got = talks(channels, {"PJSIP/201": 5}, {"parked"})
    assert len(got) == found
    for talk in got:
        assert (talk.phone, talk.name, talk.number, talk.seconds) == (5, "Bob", "5551", 65)
        assert (talk.channel, talk.peer) == ("PJSIP/201-1", "PJSIP/trunk-2")


def test_a_talk_between_two_of_mine_is_told_from_both_ends() -> None:
    assert len(talks([OURS, channel("PJSIP/202-9", "b1")], {"PJSIP/201": 5, "PJSIP/202": 6})) == 2


async def parked_anew(served: Served, slot: int) -> None:
    """Asterisk does what it was asked to."""
    asked = await served.link.asked("Park")
    assert asked["Channel"] == "u1", "by the call's identity, whatever its channel is called by now"
    again = replace(BOB, slot=slot)
    await served.hear(events.GaveUp(call=BOB, at=START), events.Parked(call=again, at=START))


async def test_a_call_that_moves_is_claimed_meanwhile_and_free_after(served: Served, rita: User) -> None:
    await served.order("move", user=rita.pk, **CALL, **THERE)
    await parked_anew(served, 704)
    answer = await served.pages.next()
    assert (answer["code"], answer["params"]) == ("moved_to", {"to_slot": 704, "to_lot": "Desk"})
    row = await ParkedCall.objects.aget(ended_at=None)
    assert (row.slot, row.claimed_by_id) == (704, None)
    assert served.link.written("PARKINGEXTEN") == ["704", ""], "the wish for the slot is taken away again"
    assert served.bridge.orders.moving == set()


async def test_the_call_takes_its_age_along_by_asterisk_s_clock(served: Served, rita: User) -> None:
    """Which is an hour behind ours."""
    asterisks = datetime.now(UTC) - timedelta(hours=1)
    served.link.variables["STRFTIME(,,%s.%3q)"] = f"{asterisks.timestamp():.3f}"
    await served.order("move", user=rita.pk, **CALL, **THERE)
    await parked_anew(served, 704)
    assert (await served.pages.next())["code"] == "moved_to"
    (since,) = served.link.written("PL_SINCE")
    assert float(since) == pytest.approx((START - timedelta(hours=1)).timestamp(), abs=5)
    taken = events.Unparked(
        call=replace(BOB, slot=704), retriever=Party("9"), retriever_channel="", retriever_uniqueid="r", at=START
    )
    await served.hear(taken)
    while (await served.link.asked("Setvar"))["Variable"] != "PL_SINCE" or len(served.link.written("PL_SINCE")) == 1:
        pass
    assert served.link.written("PL_SINCE") == [since, ""], "who was taken has waited"
    assert served.link.written("PL_MORE") == ["", ""]


async def test_a_reminder_that_comes_at_that_very_moment_is_not_taken_for_the_move(served: Served, rita: User) -> None:
    await served.order("move", user=rita.pk, **CALL, **THERE)
    await served.link.asked("Park")
    await served.hear(events.TimedOut(call=BOB, at=START), events.Parked(call=BOB, at=START))
    again = replace(BOB, slot=704)
    await served.hear(events.GaveUp(call=BOB, at=START), events.Parked(call=again, at=START))
    answer = await served.pages.next()
    assert (answer["code"], answer["params"]["to_slot"]) == ("moved_to", 704)


async def test_where_asterisk_put_it_instead_is_told(served: Served, rita: User) -> None:
    await served.order("move", user=rita.pk, **CALL, **THERE)
    await parked_anew(served, 702)
    assert (await served.pages.next())["params"]["to_slot"] == 702


async def test_more_time_is_the_same_stay(served: Served, rita: User) -> None:
    await served.order("more_time", user=rita.pk, seconds=300, **CALL)
    asked = await served.link.asked("Park")
    assert (asked["Timeout"], asked["Parkinglot"]) == ("300000", "desk")
    assert asked["TimeoutChannel"] == "PJSIP/203-00000000"
    assert served.link.written("PL_MORE") == ["1"], "in a lot with a reminder it is the whole time"
    await served.hear(events.GaveUp(call=BOB, at=START), events.Parked(call=BOB, at=START))
    assert (await served.pages.next())["code"] == "extended"
    row = await ParkedCall.objects.aget()
    assert (row.ended_at, row.outcome, row.parked_at) == (None, "", START)


async def test_more_time_as_long_as_the_wait_for_the_reminder_is_more_time(served: Served, rita: User) -> None:
    """Times alone do not tell the two apart."""
    live = {"observed": False, "live_reminder": 300, "live_timeout": 300, "live_total": 900}
    await ParkingLot.objects.filter(name="desk").aupdate(**live)
    await served.order("more_time", user=rita.pk, seconds=300, **CALL)
    await served.link.asked("Park")
    longer = replace(BOB, timeout_at=START + timedelta(seconds=300))
    await served.hear(events.GaveUp(call=BOB, at=START), events.Parked(call=longer, at=START))
    assert (await served.pages.next())["code"] == "extended"
    row = await ParkedCall.objects.select_related("lot").aget()
    assert goes_back(row) == longer.timeout_at


INSTEAD = pytest.mark.parametrize(
    ("heard", "code"),
    [
        ([events.HungUp(uniqueid="u1", channel="x", cause=16, at=START)], "caller_left"),
        ([events.LinkLost(reason="cut", at=START)], "link_lost"),
        ([events.TimedOut(call=BOB, at=START)], "timed_out"),
        (
            [events.Unparked(call=BOB, retriever=Party("9"), retriever_channel="", retriever_uniqueid="r", at=START)],
            "taken",
        ),
    ],
    ids=["hangs up", "link", "times out", "taken"],
)


@INSTEAD
async def test_what_happens_instead_of_moving(served: Served, rita: User, heard: list[events.Event], code: str) -> None:
    await served.order("move", user=rita.pk, **CALL, **THERE)
    await served.link.asked("Park")
    await served.hear(*heard)
    assert await served.codes(code, "moved_to") == [code]


async def test_a_call_that_is_in_a_talk_by_now_is_not_torn_out_of_it(served: Served, rita: User) -> None:
    served.link.answers["Getvar"] = Reply({"Value": "PJSIP/somebody-else"})
    await served.order("move", user=rita.pk, **CALL, **THERE)
    assert await served.codes("moved", "moved_to") == ["moved"]
    assert "Park" not in served.link.actions


@pytest.mark.parametrize("kind", ["move", "end", "more_time"])
async def test_a_slot_that_is_empty_by_now_leaves_the_caller_alone(served: Served, rita: User, kind: str) -> None:
    """Taken a moment ago, and the bridge has not heard of it yet."""
    served.link.answers["Getvar"] = Reply({"Value": ""})
    await served.order(kind, user=rita.pk, seconds=60, **CALL, **THERE)
    assert await served.codes("not_parked", "moved_to", "ended", "extended") == ["not_parked"]
    assert not {"Park", "BridgeKick"} & set(served.link.actions)
    assert (await ParkedCall.objects.aget()).claimed_by_id is None


async def test_a_wish_for_a_slot_that_was_refused_is_taken_back(served: Served, rita: User) -> None:
    served.link.answers["Park"] = ActionRefused("Park", "Park action failed")
    await served.order("move", user=rita.pk, **CALL, **THERE)
    assert await served.codes("asterisk_refused") == ["asterisk_refused"]
    assert served.link.written("PARKINGEXTEN") == ["704", ""]


@pytest.mark.parametrize("word", ["No such channel", "Channel does not exist: u1"])
@pytest.mark.parametrize("kind", ["move", "end", "more_time"])
async def test_a_caller_who_hangs_up_this_moment_is_no_refusal(
    served: Served, rita: User, kind: str, word: str
) -> None:
    for action in ("Getvar", "Status", "Setvar", "Park", "BridgeKick"):
        served.link.answers[action] = ActionRefused(action, word)
    await served.order(kind, user=rita.pk, seconds=60, **CALL, **THERE)
    assert await served.codes("not_parked", "asterisk_refused") == ["not_parked"]
    assert (await ParkedCall.objects.aget()).claimed_by_id is None


async def test_asterisk_refuses_or_is_silent(served: Served, rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "SOON", 0.05)
    await served.order("move", user=rita.pk, **CALL, **THERE)
    assert await served.codes("not_moved") == ["not_moved"]
    served.link.answers["Park"] = ActionRefused("Park", "full")
    await served.order("move", user=rita.pk, command="c2", **CALL, **THERE)
    assert await served.codes("asterisk_refused") == ["asterisk_refused"]
    row = await ParkedCall.objects.aget()
    assert (row.slot, row.claimed_by_id, row.ended_at) == (703, None, None)


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ({"to_lot_name": "gone"}, "no_such_lot"),
        ({"to_slot": 799}, "no_such_slot"),
        ({"to_slot": 703}, "there_already"),
        ({"to_slot": 702}, "slot_taken"),
    ],
)
async def test_no_room_there(served: Served, rita: User, where: dict[str, Any], code: str) -> None:
    await served.hear(events.Parked(call=call("u2", 702), at=START))
    await served.ear.until("change")
    await served.order("move", user=rita.pk, **CALL, **{**THERE, **where})
    assert await served.codes(code, "moved_to") == [code]
    assert served.link.actions == []


async def test_a_call_is_ended_by_somebody(served: Served, rita: User) -> None:
    await served.order("end", user=rita.pk, **CALL)
    assert await served.link.asked("BridgeKick") == {"BridgeUniqueid": "parking", "Channel": BOB.channel}
    hung_up = events.HungUp(uniqueid="u1", channel="x", cause=16, at=START)
    await served.hear(events.GaveUp(call=BOB, at=START), hung_up)
    assert await served.codes("ended") == ["ended"]
    async with served.bridge.writing:
        row = await ParkedCall.objects.aget()
    assert (row.outcome, row.retrieved_by_id) == ("ended", rita.pk)


async def test_who_was_taken_in_the_last_moment_is_not_hung_up_on(served: Served, rita: User) -> None:
    served.link.answers["BridgeKick"] = ActionRefused("BridgeKick", "Channel kick from bridge failed")
    await served.order("end", user=rita.pk, **CALL)
    assert await served.codes("not_parked", "ended") == ["not_parked"]
    assert "Hangup" not in served.link.actions
    assert served.bridge.orders.rung == {}, "nor is it we who ended it"


async def test_a_call_that_cannot_be_ended_is_not_ours_later(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "SOON", 0.05)
    await served.order("end", user=rita.pk, **CALL)
    assert await served.codes("not_ended") == ["not_ended"]
    await served.hear(events.GaveUp(call=BOB, at=START), events.HungUp(uniqueid="u1", channel="x", cause=16, at=START))
    await served.ear.until("missed")
    assert (await ParkedCall.objects.aget()).outcome == "abandoned", "the caller hung up, not we"


async def test_the_other_party_is_parked(served: Served, rita: User) -> None:
    served.link.answers["CoreShowChannels"] = Reply({"Response": "Success"}, [OURS, THEIRS])
    order = {"lot": 1, "lot_name": "desk", "to_slot": 704, "call": OURS["Uniqueid"], "phones": [PHONE]}
    await served.order("park", user=rita.pk, **order)
    asked = await served.link.asked("Park")
    assert (asked["Channel"], asked["TimeoutChannel"]) == ("PJSIP/trunk-2", "PJSIP/201-1")
    assert "AnnounceChannel" not in asked, "it crashes Asterisk"
    await served.hear(events.Parked(call=call(THEIRS["Uniqueid"], 704), at=START))
    answer = await served.pages.next()
    assert (answer["code"], answer["params"]) == ("parked", {"to_slot": 704})


async def test_a_park_that_is_not_heard_of_is_no_success(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "LOOK", 0.05)
    monkeypatch.setattr(parking, "SOON", 0.05)
    served.link.answers["CoreShowChannels"] = Reply({"Response": "Success"}, [OURS, THEIRS])
    served.link.answers["Parkinglots"] = Reply({}, [SHRUNK])
    await served.order("park", user=rita.pk, **PARK)
    assert await served.codes("not_parked_now", "parked") == ["not_parked_now"]
    await served.order("park", user=rita.pk, command="c2", **{**PARK, "call": "another"})
    assert await served.codes("call_gone", "parked") == ["call_gone"]


async def test_a_lot_that_fills_in_between_is_told_soon_and_the_two_talk_on(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asterisk says so to the phone only (tried on 16.28 and 22.10)."""
    monkeypatch.setattr(parking, "LOOK", 0.05)
    served.link.answers["CoreShowChannels"] = Reply({"Response": "Success"}, [OURS, THEIRS])
    there = {"ParkeeUniqueid": "u9", "Parkinglot": "desk", "ParkingSpace": "703"}
    served.link.answers |= {"Parkinglots": Reply({}, [SHRUNK]), "ParkedCalls": Reply({}, [there])}
    await served.order("park", user=rita.pk, **PARK)
    assert await served.codes("lot_full", "parked", "not_parked_now") == ["lot_full"]


async def test_whoever_was_put_through_to_somebody_else_is_not_parked(served: Served, rita: User) -> None:
    served.link.answers["CoreShowChannels"] = Reply({"Response": "Success"}, [OURS, THEIRS])
    served.link.variables["BRIDGEPEER"] = "PJSIP/205-7"
    await served.order("park", user=rita.pk, **PARK)
    assert await served.codes("call_gone", "parked") == ["call_gone"]
    assert "Park" not in served.link.actions
    assert served.link.written("PARKINGEXTEN") == ["", ""]


@pytest.mark.parametrize("kind", ["move", "end", "more_time", "unclaim", "retrieve"])
async def test_one_person_does_one_thing_at_a_time_with_a_call(served: Served, rita: User, kind: str) -> None:
    """Their own claim would let them; the phone that rings for it must find the call where it was."""
    served.link.answers["Getvar"] = Reply({"Value": "NOT_INUSE"})
    await served.ringing(rita.pk)
    other = {"id": 2, "number": "209", "name": "Desk", "device": "PJSIP/209"}
    more = {"phone": other} if kind == "retrieve" else {}
    await served.order(kind, user=rita.pk, command="c2", seconds=60, **CALL, **THERE, **more)
    assert await served.codes("busy_call") == ["busy_call"]
    assert (await ParkedCall.objects.aget()).claimed_by_id == rita.pk


@INSTEAD
async def test_asterisk_parks_nobody_who_is_just_leaving(
    served: Served, rita: User, heard: list[events.Event], code: str
) -> None:
    """What it says then ("Park action failed") tells people nothing; word of why comes a moment later."""
    served.link.answers["Park"] = ActionRefused("Park", "Park action failed\n")
    await served.order("move", user=rita.pk, **CALL, **THERE)
    await served.link.asked("Park")
    await served.hear(*heard)
    assert await served.codes(code, "asterisk_refused") == [code]
