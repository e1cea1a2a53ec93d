"""Calls that waited too long, at the bridge: written, told, looked after, and retrieved out of the ringing."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group, User
from django.utils import timezone

from dashboard.form import Form, returning_told
from dashboard.hub import Hub
from lots.ami import ActionRefused, Reply
from lots.bridge import looking, missed, pulling, ringing
from lots.bridge.looking import look, looked
from lots.bridge.missed import missed_facts
from lots.bridge.returning import returning_facts
from lots.models import LotRight, ParkedCall, ParkingLot, Pbx
from lots.types import events
from lots.types.calls import Leg, Party, Return, Stage
from lots.types.changes import Ended, Ending, Entered, GoesBack, Outcome
from tests.kit.hub_pages import arecord, database, joined, sign_of_life, tell
from tests.kit.logins import viewer
from tests.kit.pbx_model import LOT, START, call
from tests.kit.served import BOB, Served

pytestmark = pytest.mark.django_db(transaction=True)

LATER = START + timedelta(seconds=45)
TOM = Leg(uniqueid="l1", channel="PJSIP/203-0000001a", party=Party("203", "Tom"))
EVA = Leg(uniqueid="l2", channel="PJSIP/204-0000001b", party=Party("204", "Eva"))
afacts = sync_to_async(returning_facts)
amissed = sync_to_async(missed_facts)


def rings(leg: Leg = TOM) -> events.Ringing:
    return events.Ringing(uniqueid="u1", leg=leg, at=LATER)


def rang_out(status: str, leg: Leg = TOM) -> events.RangOut:
    return events.RangOut(uniqueid="u1", leg=leg, status=status, at=LATER + timedelta(seconds=9))


def hung_up() -> events.HungUp:
    return events.HungUp(uniqueid="u1", channel="c", cause=16, at=LATER + timedelta(seconds=9))


def again(slot: int = 703) -> events.Parked:
    at = LATER + timedelta(seconds=9)
    return events.Parked(call=replace(BOB, slot=slot, parked_at=at), at=at)


async def told(served: Served, stage: str, *who: str) -> dict[str, Any]:
    """The one call on its way back, once it is told so."""
    while True:
        facts = await afacts()
        if facts and (facts[0]["stage"], facts[0]["ringing"]) == (stage, list(who)):
            (fact,) = facts
            return dict(fact)
        await served.ear.until("returning")


async def over(served: Served) -> ParkedCall:
    """The stay, once it is known what became of it."""
    while await afacts():
        await served.ear.until("returning")
    return await ParkedCall.objects.aget(uniqueid="u1", outcome="timed_out")


@pytest.fixture
async def returning(served: Served, rita: User) -> Served:
    """Bob waited too long and Tom's phone rings; in his slot and in no talk, as far as Asterisk is asked."""
    served.link.answers |= {
        "Getvar": Reply({"Value": "Ringing"}),
        "Status": Reply({}, ({"Uniqueid": "u1", "BridgeID": ""},)),
        "ParkedCalls": Reply({}, ()),
    }
    await served.hear(events.TimedOut(call=BOB, at=LATER), rings())
    await told(served, "recall", "Tom")
    return served


async def test_who_is_rung_is_written_and_told(returning: Served) -> None:
    fact = await told(returning, "recall", "Tom")
    assert (fact["slot"], fact["uniqueid"], fact["caller"]["name"]) == (703, "u1", "Bob")
    await returning.hear(rang_out("NOANSWER"))
    await told(returning, "fallback")
    await returning.hear(rings(EVA))
    await told(returning, "fallback", "Eva")
    row = await ParkedCall.objects.aget(uniqueid="u1")
    assert (row.outcome, row.came, row.back_ringing) == ("timed_out", "", [["l2", EVA.channel, "204", "Eva"]])


async def test_a_phone_is_called_as_the_portal_knows_it(returning: Served) -> None:
    await returning.hear(rings(Leg(uniqueid="l3", channel="PJSIP/201-00000001", party=Party("s", "s"))))
    await told(returning, "recall", "Tom", "Desk 201")
    await returning.hear(rings(Leg(uniqueid="l4", channel="Local/77@x-1;1", party=Party("s", ""))))
    await told(returning, "recall", "Tom", "Desk 201", "77")
    await returning.hear(rang_out("BUSY"), rings(Leg(uniqueid="l5", channel="Local/202@group-1;1")))
    await told(returning, "fallback", "Desk 201", "77", "202")


async def test_who_answers_is_kept_in_the_history(returning: Served) -> None:
    await returning.hear(rang_out("ANSWER"))
    row = await over(returning)
    assert (row.came, row.came_name, row.came_number, row.back_stage) == ("answered", "Tom", "203", "")
    assert row.came_at == LATER + timedelta(seconds=9)
    assert await amissed() == []


@pytest.mark.parametrize(("heard", "came"), [("CANCEL", "hung_up"), ("NOANSWER", "unanswered")])
async def test_a_caller_whom_nobody_reached_is_to_be_called_back(
    returning: Served, rita: User, heard: str, came: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "LISTED", timezone.now() - START + timedelta(hours=1))
    await returning.hear(rang_out(heard), hung_up())
    row = await over(returning)
    assert row.came == came
    (listed,) = await amissed()
    assert (listed["id"], listed["how"], listed["waited"]) == (row.pk, came, 54)
    await returning.order("settle", user=rita.pk, missed=row.pk, remark="called back")
    assert await returning.codes("settled") == ["settled"]
    assert await amissed() == []


async def test_one_who_is_parked_again_is_a_new_stay_and_waits_on(returning: Served) -> None:
    await returning.hear(again(704))
    assert (await over(returning)).came == "parked"
    row = await ParkedCall.objects.aget(uniqueid="u1", ended_at=None)
    assert (row.slot, row.since) == (704, BOB.parked_at)


async def test_a_reminder_leaves_nothing_behind(served: Served) -> None:
    at = LATER + timedelta(seconds=0.01)
    await served.hear(events.TimedOut(call=BOB, at=LATER), events.Parked(call=replace(BOB, parked_at=at), at=at))
    await served.ear.until("change")
    row = await ParkedCall.objects.aget()
    assert (row.ended_at, row.outcome, row.back_stage, row.came) == (None, "", "", "")


async def test_after_a_restart_asterisk_is_asked(serve: Any, returning: Served) -> None:
    await returning.stop()
    later: Served = await serve("here:2")
    assert list(later.bridge.board.returning) == ["u1"]
    later.link.answers["CoreShowChannels"] = Reply({}, ())
    await later.hear(
        events.LinkUp(version="11", at=LATER), events.Listed(lots=(LOT,), calls=(), at=LATER), events.Settled(at=LATER)
    )
    assert (await over(later)).came == "unknown", "nothing is invented"


async def test_a_look_that_knows_of_a_park_before_word_of_it_takes_nobody_for_answered(returning: Served) -> None:
    beside = {"Uniqueid": "u9", "Channel": "PJSIP/x-u9", "BridgeId": "p", "ChannelStateDesc": "Up"}
    returning.link.answers |= {
        "CoreShowChannels": Reply({}, ({**CALLER, "BridgeId": "p"}, beside)),
        "ParkedCalls": Reply({}, ({"ParkeeUniqueid": "u1"}, {"ParkeeUniqueid": "u9"})),
    }
    await look(returning.bridge)
    await returning.hear(again())
    assert (await over(returning)).came == "parked"


async def test_a_look_that_finds_nobody_waits_for_word_of_how_they_ended(
    returning: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "WORD", 3600)
    returning.link.answers["CoreShowChannels"] = Reply({}, ())
    returning.link.sent.clear()
    looks = asyncio.create_task(look(returning.bridge))
    await returning.link.asked("ParkedCalls")
    await returning.hear(hung_up())
    assert (await over(returning)).came == "hung_up"
    looks.cancel()


CALLER = {"Uniqueid": "u1", "Linkedid": "u1", "Channel": "PJSIP/x-u1", "ChannelStateDesc": "Up", "BridgeId": ""}
LEG = {"Uniqueid": "l1", "Linkedid": "u1", "Channel": TOM.channel, "CallerIDName": "Tom", "CallerIDNum": "203"}


def test_a_look_finds_the_channel_its_phones_and_its_talk() -> None:
    rung = looked("u1", [CALLER, {**LEG, "ChannelStateDesc": "Ringing"}], (), LATER)
    assert (rung.there, rung.talks_with, rung.ringing) == (True, None, (TOM,))
    assert looked("u1", [{**LEG, "Linkedid": "other", "ChannelStateDesc": "Ringing"}], (), LATER).there is False
    talk = looked("u1", [{**CALLER, "BridgeId": "b"}, {**LEG, "BridgeId": "b", "ChannelStateDesc": "Up"}], (), LATER)
    assert (talk.talks_with, talk.ringing) == (TOM, ())
    beside = looked("u1", [{**CALLER, "BridgeId": "p"}, {**LEG, "BridgeId": "p"}], {"l1"}, LATER)
    assert beside.talks_with is None, "those who are parked share a bridge"


def test_walls_are_told_word_by_word() -> None:
    fact: dict[str, Any] = {
        "id": 1,
        "lot": 1,
        "slot": 703,
        "uniqueid": "u",
        "parked_at": 1,
        "waiting_since": 1,
        "left_at": 2,
        "since": 3,
        "stage": "recall",
        "ringing": ["Tom 0301234567"],
        "note": "secret",
        "for_name": "Eva",
        "caller": {"name": "", "number": "+493012345"},
        "parker": {"name": "Tom", "number": "203", "device": "PJSIP/203"},
    }
    wall = returning_told(fact, Form.WALL)
    assert set(fact) - set(wall) == {"note", "for_name"}
    assert wall["parker"] == {"name": "Tom", "number": "203"}
    masked = returning_told(fact, Form.MASKED)
    assert (masked["ringing"], masked["caller"]["number"]) == (["Tom … 567"], "… 345")


@database
async def test_they_are_told_to_who_sees_the_lot_alone(pbx: Pbx, lot: ParkingLot, rita: User, ron: User) -> None:
    closed = await ParkingLot.objects.acreate(pbx=pbx, name="vip", label="VIP", first_slot=801, last_slot=803)
    team = await Group.objects.acreate(name="VIP team")
    await rita.groups.aadd(team)
    await LotRight.objects.acreate(lot=closed, group=team, see=True)
    hub = Hub()
    await hub.start()
    hers, his = [await joined(hub, await sync_to_async(viewer)(user)) for user in (rita, ron)]
    there = replace(call("u9", 801), lot="vip")
    back = Return(call=there, stage=Stage.RECALL, since=LATER, ringing=(TOM,))
    await tell(await arecord(pbx, [Entered(there), Ended(there, Ending(Outcome.TIMED_OUT, LATER)), GoesBack(back)], {}))
    assert [one["uniqueid"] for one in (await hers.until("returning"))["returning"]] == ["u9"]
    assert (await his.until("returning"))["returning"] == []
    await hub.stop(4012)


@database
async def test_a_word_that_was_lost_is_noticed_at_the_next_beat(
    pbx: Pbx, lot: ParkingLot, rita: User, hub: Hub
) -> None:
    there = replace(call("u9", 701), parker_device="PJSIP/203")
    await tell(await arecord(pbx, [Entered(there), Ended(there, Ending(Outcome.TIMED_OUT, LATER))], {}))
    page = await joined(hub, await sync_to_async(viewer)(rita))
    await arecord(pbx, [GoesBack(Return(call=there, stage=Stage.RECALL, since=LATER, ringing=(TOM,)))], {})
    await tell(await sign_of_life(pbx))
    while not (shown := (await page.until("snapshot"))["returning"]):
        pass
    assert shown[0]["ringing"] == ["Tom"]


# Retrieving them


async def test_a_click_parks_the_call_and_goes_on_as_from_any_slot(returning: Served, rita: User) -> None:
    await returning.retrieve(rita.pk)
    asked = await returning.link.asked("Park")
    assert asked == {"Channel": "u1", "TimeoutChannel": "PJSIP/203-00000000", "Parkinglot": "desk"}
    wishes = [dict(headers)["Value"] for action, headers in returning.link.sent if action == "Setvar"]
    assert wishes == ["703"]
    await returning.hear(again())
    leg = (await returning.link.asked("Originate"))["ChannelId"]
    taken = events.Unparked(
        call=again().call, retriever=Party("201"), retriever_channel="c", retriever_uniqueid=leg, at=LATER
    )
    await returning.hear(taken)
    assert await returning.codes("connected") == ["claimed", "connected"]
    await returning.written()
    assert await ParkedCall.objects.filter(outcome="retrieved", retrieved_by=rita).acount() == 1
    assert (await over(returning)).came == "parked"


async def test_a_phone_that_does_not_answer_leaves_the_call_parked(returning: Served, rita: User) -> None:
    await returning.retrieve(rita.pk)
    await returning.link.asked("Park")
    await returning.hear(again(704))
    leg = (await returning.link.asked("Originate"))["ChannelId"]
    await returning.hear(events.HungUp(uniqueid=leg, channel="c", cause=17, at=LATER))
    assert await returning.codes("phone_busy") == ["claimed", "phone_busy"]
    row = await ParkedCall.objects.aget(uniqueid="u1", ended_at=None)
    assert (row.slot, row.claimed_by_id) == (704, None)


FULL = tuple({"ParkingSpace": str(slot)} for slot in range(LOT.first, LOT.last + 1))


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"Getvar": Reply({"Value": "UNAVAILABLE"})}, "phone_unregistered"),
        ({"ParkedCalls": Reply({}, FULL)}, "lot_full"),
        ({"Getvar": Reply({"Value": "Up"})}, "taken"),
        ({"Status": Reply({}, ({"Uniqueid": "u1", "BridgeID": "b"},))}, "taken"),
        ({"Status": ActionRefused("Status", "No such channel")}, "caller_left"),
    ],
    ids=["phone off", "full", "just answered", "talks", "gone"],
)
async def test_what_cannot_be_is_left_alone(returning: Served, rita: User, answers: dict[str, Any], code: str) -> None:
    returning.link.answers |= answers
    await returning.retrieve(rita.pk)
    assert await returning.codes(code) == [code]
    assert "Park" not in returning.link.actions
    assert list(returning.bridge.board.returning) == ["u1"]


async def test_somebody_else_in_the_slot_is_not_disturbed(returning: Served, rita: User) -> None:
    returning.link.answers["ParkedCalls"] = Reply({}, ({"ParkingSpace": "703"}, {"odd": "one"}))
    await returning.retrieve(rita.pk)
    await returning.link.asked("Park")
    wishes = [dict(headers)["Value"] for action, headers in returning.link.sent if action == "Setvar"]
    assert wishes == [""]


async def test_two_who_click_at_once_get_one_park(returning: Served, rita: User, ron: User) -> None:
    await returning.retrieve(rita.pk)
    await returning.link.asked("Park")
    await returning.retrieve(ron.pk, number="202", command="c2", user_name="Ron Front")
    assert await returning.codes("claimed_by") == ["claimed_by"]
    await returning.hear(again())
    await returning.link.asked("Originate")
    assert returning.link.actions.count("Park") == 1
    assert returning.bridge.orders.pulled == {}


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        (hung_up(), "caller_left"),
        (rang_out("ANSWER"), "taken"),
        (events.LinkLost(reason="cut", at=LATER), "link_lost"),
    ],
    ids=["hung up", "answered", "cut"],
)
async def test_what_happens_instead_of_the_park_is_said(
    returning: Served, rita: User, heard: events.Event, code: str
) -> None:
    await returning.retrieve(rita.pk)
    await returning.link.asked("Park")
    await returning.hear(heard)
    assert await returning.codes(code) == [code]


@pytest.mark.parametrize(
    ("heard", "code"),
    [(hung_up(), "caller_left"), (rang_out("ANSWER"), "taken"), (again(704), "moved"), (None, "not_moved")],
)
async def test_what_asterisk_refuses_has_a_reason(
    returning: Served, rita: User, monkeypatch: pytest.MonkeyPatch, heard: events.Event | None, code: str
) -> None:
    monkeypatch.setattr(ringing, "EXPLAIN", 0.01 if heard is None else 5)
    returning.link.answers["Park"] = ActionRefused("Park", "No such channel")
    await returning.retrieve(rita.pk)
    await returning.link.asked("Park")
    if heard is not None:
        await returning.hear(heard)
    assert await returning.codes(code) == [code]


async def test_a_park_that_never_comes_is_said(returning: Served, rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "SOON", 0.01)
    await returning.retrieve(rita.pk)
    assert await returning.codes("not_moved") == ["not_moved"]


async def test_a_click_from_another_lot_does_nothing(returning: Served, rita: User) -> None:
    await returning.retrieve(rita.pk, who=call("u1", 701))
    assert await returning.codes("moved") == ["moved"]
