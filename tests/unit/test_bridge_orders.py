"""A click, step by step, with an Asterisk that does what a real one does not do on demand."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User

from lots.ami import ActionRefused, ActionTimedOut, Disconnected, Reply
from lots.bridge import command, retrieval, ringing
from lots.bridge.command import Command, End
from lots.models import ParkedCall
from lots.types import events
from lots.types.calls import Party
from tests.kit.clicks import ENDS, REMINDED, hung_up, unclaimed, unparked
from tests.kit.pbx_model import START
from tests.kit.served import BOB, Served

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_click_rings_and_connects(served: Served, rita: User) -> None:
    leg = await served.ringing(rita.pk)
    row = await ParkedCall.objects.aget()
    assert row.claimed_by_id == rita.pk
    await served.hear(unparked(leg))
    assert await served.codes(*ENDS) == ["connected"]
    assert await unclaimed(served)
    row = await ParkedCall.objects.aget()
    assert (row.outcome, row.retrieved_by_id, row.retriever_number) == ("retrieved", rita.pk, "201")
    assert served.link.actions == ["Getvar", "ShowDialPlan", "Originate"], "nothing is hung up"
    assert served.bridge.orders.running == {}


async def test_a_reminder_of_the_parker_does_not_stop_the_ringing(served: Served, rita: User) -> None:
    leg = await served.ringing(rita.pk)
    await served.hear(*REMINDED, unparked(leg))
    assert await served.codes(*ENDS) == ["connected"]
    async with served.bridge.writing:  # what was heard is written by then
        assert await unclaimed(served)
    row = await ParkedCall.objects.aget()
    assert (row.outcome, row.retrieved_by_id) == ("retrieved", rita.pk)
    assert served.link.actions == ["Getvar", "ShowDialPlan", "Originate"], "nothing is hung up"


async def test_what_the_phone_does_during_a_reminder_is_not_lost(served: Served, rita: User) -> None:
    leg = await served.ringing(rita.pk)
    timed_out, parked = REMINDED
    await served.hear(timed_out, hung_up(leg, 21), parked)
    assert await served.codes(*ENDS) == ["phone_declined"]
    assert await unclaimed(served)


async def test_answers_name_the_command_and_the_slot(served: Served, rita: User) -> None:
    await served.retrieve(rita.pk, uniqueid="gone", command="mine")
    assert await served.pages.next() == {
        "command": "mine",
        "state": "failed",
        "code": "not_parked",
        "lot": 1,
        "slot": 703,
        "params": {},
    }


async def test_without_a_link_nothing_is_tried(served: Served, rita: User) -> None:
    served.link.is_up = False
    await served.retrieve(rita.pk)
    assert await served.codes(*ENDS) == ["link_lost"]
    assert served.link.actions == []
    assert await unclaimed(served)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"uniqueid": "u0"}, "not_parked"), ({"slot": 704}, "moved"), ({"lot_name": "far"}, "moved")],
    ids=["gone", "other slot", "other lot"],
)
async def test_a_click_on_another_call_rings_nothing(
    served: Served, rita: User, fields: dict[str, Any], code: str
) -> None:
    await served.retrieve(rita.pk, **fields)
    assert await served.codes(*ENDS) == [code]
    assert served.link.actions == []
    assert await unclaimed(served)


async def test_who_comes_second_hears_who_was_first(served: Served, rita: User, ron: User) -> None:
    await served.ringing(rita.pk)
    await served.retrieve(ron.pk, number="202", command="c2")
    answer = await served.pages.next()
    assert (answer["command"], answer["code"], answer["params"]) == ("c2", "claimed_by", {"by": "Rita Desk"})
    assert served.link.actions.count("Originate") == 1


async def test_a_call_the_database_no_longer_has_is_not_parked(served: Served, rita: User) -> None:
    await ParkedCall.objects.all().adelete()
    await served.retrieve(rita.pk)
    assert await served.codes(*ENDS) == ["not_parked"]


async def test_a_phone_rings_for_one_call_at_a_time(served: Served, rita: User) -> None:
    await served.ringing(rita.pk)
    await served.retrieve(rita.pk, command="c2")
    answer = await served.pages.next()
    assert (answer["command"], answer["code"]) == ("c2", "busy_already")
    assert await ParkedCall.objects.filter(claimed_by=rita).aexists(), "the first click goes on"


@pytest.mark.parametrize(
    ("state", "code"),
    [("UNAVAILABLE", "phone_unregistered"), ("INVALID", "phone_unknown"), ("BUSY", "phone_busy")],
)
async def test_a_phone_that_cannot_ring_is_not_rung(served: Served, rita: User, state: str, code: str) -> None:
    served.link.answers["Getvar"] = Reply({"Value": state})
    await served.retrieve(rita.pk)
    await served.codes("claimed")
    answer = await served.pages.next()
    assert (answer["code"], answer["params"]) == (code, {"phone": "201"})
    assert "Originate" not in served.link.actions
    assert await unclaimed(served)


async def test_a_call_that_leaves_while_asking_about_the_phone_rings_nothing(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_args: object) -> str:
        await served.hear(events.TimedOut(call=BOB, at=START))
        while served.bridge.board.calls:  # noqa: ASYNC110  (the bridge's reader does it in a turn or two)
            await asyncio.sleep(0)
        return "NOT_INUSE"

    monkeypatch.setattr(command, "device_state", slow)
    await served.retrieve(rita.pk)
    assert await served.codes(*ENDS) == ["claimed", "not_parked"]
    assert "Originate" not in served.link.actions


@pytest.mark.parametrize("action", ["Originate", "Getvar"])
async def test_an_action_asterisk_refuses(served: Served, rita: User, action: str) -> None:
    served.link.answers[action] = ActionRefused(action, "Permission denied")
    await served.retrieve(rita.pk)
    await served.codes("claimed")
    answer = await served.pages.next()
    assert answer["code"] == "asterisk_refused"
    assert "Permission denied" in answer["params"]["reason"]
    assert await unclaimed(served)


@pytest.mark.parametrize("action", ["Getvar", "ShowDialPlan", "Originate"])
@pytest.mark.parametrize("error", [Disconnected(), ActionTimedOut("x", 1)], ids=["cut", "late"])
async def test_an_action_nobody_answers_leaves_nothing_ringing(
    served: Served, rita: User, action: str, error: Exception
) -> None:
    served.link.answers[action] = error
    await served.retrieve(rita.pk)
    assert await served.codes(*ENDS) == ["claimed", "link_lost"]
    rung = "Originate" in served.link.actions
    assert rung == (action == "Originate")
    assert not rung or served.link.actions[-1] == "Hangup", "should the leg exist, it does not ring on"
    assert await unclaimed(served)


@pytest.mark.parametrize(
    ("heard", "code", "params"),
    [
        ([events.GaveUp(call=BOB, at=START), hung_up("u1", 16)], "caller_left", {}),
        ([hung_up("u1", 16), events.GaveUp(call=BOB, at=START)], "caller_left", {}),
        ([events.TimedOut(call=BOB, at=START)], "timed_out", {}),
        ([events.Parked(call=replace(BOB, slot=704), at=START)], "moved", {}),
        ([events.GaveUp(call=BOB, at=START), events.Parked(call=replace(BOB, slot=704), at=START)], "moved", {}),
        ([unparked("foreign", Party("205", "Omar"))], "taken", {"by": "Omar"}),
        ([unparked("foreign", Party("205"))], "taken", {"by": "205"}),
        ([events.LinkLost(reason="cut", at=START)], "link_lost", {}),
        ([events.LoginRefused(reason="no", at=START)], "link_lost", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_happens_to_the_caller_ends_the_ringing(
    served: Served, rita: User, heard: list[events.Event], code: str, params: dict[str, str]
) -> None:
    leg = await served.ringing(rita.pk)
    await served.hear(*heard)
    answer = await served.pages.next()
    assert (answer["state"], answer["code"], answer["params"]) == ("failed", code, params)
    assert (("Hangup", [("Channel", leg)]) in served.link.sent) is (code != "link_lost")
    assert await unclaimed(served)


async def test_a_call_that_left_for_no_known_reason_is_not_parked(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ringing, "EXPLAIN", 0.01)
    await served.ringing(rita.pk)
    await served.hear(events.GaveUp(call=BOB, at=START))
    assert await served.codes(*ENDS) == ["not_parked"]


@pytest.mark.parametrize(
    ("cause", "code"), [(17, "phone_busy"), (21, "phone_declined"), (19, "phone_no_answer"), (20, "phone_unregistered")]
)
async def test_what_happens_to_the_phone(served: Served, rita: User, cause: int, code: str) -> None:
    leg = await served.ringing(rita.pk)
    await served.hear(hung_up("somebody else's", 17), hung_up(leg, cause))
    answer = await served.pages.next()
    assert (answer["code"], answer["params"]) == (code, {"phone": "201"})
    assert await unclaimed(served)


async def test_the_reply_alone_waits_for_the_reason(served: Served, rita: User) -> None:
    leg = await served.ringing(rita.pk)
    await served.hear(
        events.Originated(uniqueid="other", action_id="", answered=False, reason=5, at=START),
        events.Originated(uniqueid=leg, action_id="", answered=False, reason=5, at=START),
        hung_up(leg, 17),
    )
    assert await served.codes(*ENDS) == ["phone_busy"]


async def test_a_reply_without_a_reason(served: Served, rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ringing, "EXPLAIN", 0.01)
    leg = await served.ringing(rita.pk)
    await served.hear(events.Originated(uniqueid=leg, action_id="", answered=False, reason=3, at=START))
    assert await served.codes(*ENDS) == ["phone_no_answer"]


async def test_the_guards_refusal_waits_for_what_happened_to_the_call(served: Served, rita: User) -> None:
    leg = await served.ringing(rita.pk)
    await served.hear(hung_up(leg, 26), unparked("foreign", Party("205", "Omar")))
    assert await served.codes(*ENDS) == ["taken"]


async def test_an_asterisk_that_never_says_how_it_ended(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "RING", 0.01)
    monkeypatch.setattr(retrieval, "SPARE", 0.01)
    await served.retrieve(rita.pk)
    assert await served.codes(*ENDS) == ["claimed", "phone_no_answer"]
    assert served.link.actions[-1] == "Hangup"


async def test_a_phone_picked_up_of_which_nothing_more_is_heard_is_left_alone(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "RING", 0.05)
    monkeypatch.setattr(retrieval, "SPARE", 0.05)
    served.link.answers["Getvar"] = Reply({"Value": "Up"})
    await served.retrieve(rita.pk)
    assert await served.codes(*ENDS) == ["claimed", "link_lost"]
    assert "Hangup" not in served.link.actions


async def test_another_caller_in_the_place_of_ours_ends_the_ringing(served: Served, rita: User) -> None:
    await served.ringing(rita.pk)
    await served.hear(events.Swapped(call=replace(BOB, uniqueid="u9"), at=START))
    assert await served.codes(*ENDS) == ["moved"]
    assert served.link.actions[-1] == "Hangup"


async def test_a_command_given_twice_is_a_bad_request(served: Served, rita: User) -> None:
    await served.ringing(rita.pk)
    await served.retrieve(rita.pk, number="299")
    assert await served.codes(*ENDS) == ["bad_request"]


async def test_ringing_is_said_once(served: Served, rita: User) -> None:
    leg = await served.ringing(rita.pk)
    again = events.StateChanged(uniqueid=leg, channel="x", state="Ringing", at=START)
    await served.hear(again, replace(again, uniqueid="other"), replace(again, state="Up"), hung_up(leg, 0))
    assert await served.codes(*ENDS) == ["phone_declined"], "picked up, and put down before anybody talked"


async def test_stop(served: Served, rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ringing, "EXPLAIN", 0.01)
    leg = await served.ringing(rita.pk)
    await served.order("cancel", socket="another page")
    await served.order("cancel", command="another click")
    await served.order("cancel")
    assert await served.codes(*ENDS) == ["cancelled"]
    assert ("Hangup", [("Channel", leg)]) in served.link.sent
    assert await unclaimed(served)
    await served.order("cancel")  # too late: nothing to stop, nothing to say
    await served.order("nonsense")
    assert (await served.pages.next())["code"] == "bad_request"


async def test_stop_at_the_moment_of_picking_up_is_a_connection(served: Served, rita: User) -> None:
    leg = await served.ringing(rita.pk)
    served.link.answers["Getvar"] = Reply({"Value": "Up"})
    await served.link.asked("Getvar")  # the one about the device
    await served.order("cancel")
    assert (await served.link.asked("Getvar"))["Channel"] == leg
    await served.hear(unparked(leg))
    assert await served.codes(*ENDS) == ["connected"]
    assert "Hangup" not in served.link.actions, "a conversation is not cut off"


async def test_an_unknown_kind_is_a_bad_request(served: Served) -> None:
    await served.order("nonsense")
    answer = await served.pages.next()
    assert (answer["state"], answer["code"], answer["lot"], answer["slot"]) == ("failed", "bad_request", None, None)


async def test_an_order_that_crashes_says_so_and_hurts_no_other(served: Served, rita: User) -> None:
    class Crash(Command):
        async def run(self) -> End:
            raise ZeroDivisionError

    served.bridge.extras["park_demo"] = Crash
    await served.order("park_demo", command="c9")
    answer = await served.pages.next()
    assert (answer["command"], answer["state"], answer["code"]) == ("c9", "failed", "asterisk_refused")
    assert answer["params"] == {"reason": "internal error"}
    await served.ringing(rita.pk)


async def test_a_retrieval_that_crashes_frees_the_call_and_the_phone(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.link.answers["Originate"] = ZeroDivisionError("a bug")
    await served.retrieve(rita.pk)
    assert await served.codes(*ENDS) == ["claimed", "asterisk_refused"]
    assert await unclaimed(served)
    del served.link.answers["Originate"]
    await served.link.asked("Originate")
    await served.ringing(rita.pk)


async def test_a_page_that_cannot_be_told_hurts_nobody(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    await served.order("nonsense", reply_to="not a channel name!!")
    await served.ringing(rita.pk)


async def test_two_clicks_at_once_on_two_calls(served: Served, rita: User, ron: User) -> None:
    other = replace(BOB, uniqueid="u2", slot=704, channel="PJSIP/x-u2")
    await served.hear(events.Parked(call=other, at=START))
    await served.ear.until("change")
    first = await served.ringing(rita.pk)
    await served.retrieve(ron.pk, other, number="202", command="c2")
    second = (await served.link.asked("Originate"))["ChannelId"]
    await served.codes("claimed")
    await served.hear(unparked(first), replace(unparked(second), call=other))
    ended = [await served.pages.next() for _ in range(2)]
    assert {(p["command"], p["code"]) for p in ended} == {("c1", "connected"), ("c2", "connected")}
    await served.written()
    takers = {row.uniqueid: row.retrieved_by_id async for row in ParkedCall.objects.all()}
    assert takers == {"u1": rita.pk, "u2": ron.pk}
