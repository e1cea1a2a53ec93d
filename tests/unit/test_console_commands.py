"""Orders beside a retrieval: take next, send, claim, note, settle; and the audit log of all."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.utils import timezone

from lots.ami import ActionRefused, Reply
from lots.bridge import acts, claims, missed, notices
from lots.models import Act, ParkedCall, ParkingLot, Phone
from lots.types import events
from lots.types.calls import Call, Party
from tests.kit.pbx_model import START, call
from tests.kit.served import BOB, Served

pytestmark = pytest.mark.django_db(transaction=True)

ANN = replace(call("u2", 702, START + timedelta(seconds=5)), caller=Party("5551002", "Ann"))


def about(who: Call = BOB, **fields: Any) -> dict[str, Any]:
    """A call as an order names it."""
    return {"lot": 1, "lot_name": who.lot, "slot": who.slot, "uniqueid": who.uniqueid, **fields}


async def row_of(who: Call = BOB) -> ParkedCall:
    return await ParkedCall.objects.aget(uniqueid=who.uniqueid, ended_at=None)


async def at_rest(served: Served) -> None:
    """Every order has ended, and is written down."""
    while served.bridge.orders.tasks:
        await asyncio.wait(served.bridge.orders.tasks, timeout=5)


async def take_next(served: Served, user: User, number: str = "201", lot: str = "desk", **fields: Any) -> None:
    device = {"id": 1, "number": number, "name": "Desk", "device": f"PJSIP/{number}"}
    await served.order("take_next", user=user.pk, lots={lot: 7}, phone=device, **fields)


async def test_the_longest_waiting_is_taken_next(served: Served, rita: User) -> None:
    await served.hear(events.Parked(call=ANN, at=START))
    await served.ear.until("change")
    await take_next(served, rita)
    claimed = await served.pages.next()
    assert (claimed["code"], claimed["lot"], claimed["slot"]) == ("claimed", 7, 703), "the page learns which call it is"
    assert (await served.link.asked("Originate"))["CallerID"] == '"Bob" <5551001>'


async def test_who_was_moved_lately_may_have_waited_longest(served: Served, rita: User) -> None:
    await served.hear(events.Parked(call=ANN, at=START))
    later = START + timedelta(seconds=9)
    moved = replace(BOB, slot=704, parked_at=later)
    await served.hear(events.GaveUp(call=BOB, at=later), events.Parked(call=moved, at=later))
    await served.ear.until("change")
    await take_next(served, rita)
    assert (await served.pages.next())["slot"] == moved.slot


async def test_take_next_passes_over_what_a_colleague_is_taking(served: Served, rita: User, ron: User) -> None:
    await served.hear(events.Parked(call=ANN, at=START))
    await served.ear.until("change")
    await served.retrieve(ron.pk, number="202", command="c2")
    await served.codes("claimed")
    await take_next(served, rita)
    assert (await served.pages.next())["slot"] == ANN.slot


async def test_take_next_when_nobody_waits_there(served: Served, rita: User, ron: User) -> None:
    await take_next(served, rita, lot="elsewhere")
    assert await served.codes("nobody_waiting") == ["nobody_waiting"]
    await take_next(served, rita, command="c2")
    await served.codes("claimed")
    await take_next(served, ron, number="202", command="c3")
    assert await served.codes("nobody_waiting") == ["nobody_waiting"], "Rita is taking the only one"
    assert served.link.actions.count("Originate") == 1


async def test_a_colleague_who_is_sent_a_call_sees_who_calls_and_who_sends(served: Served, rita: User) -> None:
    colleague = {"id": 2, "number": "203", "name": "Tom Front", "device": "PJSIP/203"}
    await served.order("send", user=rita.pk, taker=None, phone=colleague, **about())
    rung = await served.link.asked("Originate")
    assert (rung["Channel"], rung["CallerID"]) == ("PJSIP/203", '"Bob / sent by Rita Desk" <5551001>')
    variables = [value for name, value in served.link.sent[-1][1] if name == "Variable"]
    assert "PL_NAME=Tom Front" in variables, "it is Tom who has the call then"
    taken = events.Unparked(
        call=BOB, retriever=Party("203", "Tom"), retriever_channel="x", retriever_uniqueid=rung["ChannelId"], at=START
    )
    await served.hear(taken)
    await served.codes("connected")
    await at_rest(served)
    row = await ParkedCall.objects.aget()
    assert (row.outcome, row.retriever_name, row.retrieved_by_id) == ("retrieved", "Tom", None), "not Rita"


async def test_a_call_nobody_answers_stays_parked_with_its_note(served: Served, rita: User) -> None:
    await served.order("note", user=rita.pk, note={"note": "urgent", "for_name": "Tom", "for_phone": None}, **about())
    await served.codes("noted")
    served.link.answers["Getvar"] = Reply({"Value": "BUSY"})
    colleague = {"id": 2, "number": "203", "name": "Tom", "device": "PJSIP/203"}
    await served.order("send", user=rita.pk, command="c2", taker=None, phone=colleague, **about())
    assert await served.codes("phone_busy") == ["claimed", "phone_busy"]
    row = await row_of()
    assert (row.note, row.for_name, row.claimed_by_id) == ("urgent", "Tom", None)


async def test_im_on_it_keeps_others_away_and_expires(served: Served, rita: User, ron: User, monkeypatch: Any) -> None:
    await served.order("claim", user=rita.pk, **about())
    assert await served.codes("held") == ["held"]
    news = await served.ear.until("change")
    assert (news["slots"][0]["state"], news["slots"][0]["claimer"]) == ("claimed", rita.pk)
    await served.order("claim", user=ron.pk, command="c2", **about())
    assert (await served.pages.next())["params"] == {"by": "Rita Desk"}
    monkeypatch.setattr(claims, "HELD", timedelta(0))
    await served.order("claim", user=rita.pk, command="c3", **about())
    await served.codes("held")
    await served.order("claim", user=ron.pk, command="c4", **about())
    assert await served.codes("held", "claimed_by") == ["held"], "Rita's has run out"


async def test_only_ones_own_claim_is_given_back(served: Served, rita: User, ron: User) -> None:
    await served.order("claim", user=rita.pk, **about())
    await served.codes("held")
    await served.order("unclaim", user=ron.pk, command="c2", **about())
    await served.codes("given_back")
    assert (await row_of()).claimed_by_id == rita.pk
    await served.order("unclaim", user=rita.pk, command="c3", **about())
    await served.codes("given_back")
    assert (await row_of()).claimed_by_id is None


async def test_a_note_goes_along_when_the_call_moves_and_is_parked_again(served: Served, rita: User) -> None:
    phone = await Phone.objects.aget(owner=rita)
    noted = {"note": "wants the invoice", "for_name": "Rita", "for_phone": phone.pk}
    await served.order("note", user=rita.pk, note=noted, **about())
    assert await served.codes("noted") == ["noted"]
    shown = (await served.ear.until("change"))["slots"][0]
    assert (shown["note"], shown["for_name"], shown["for_phone"]) == ("wants the invoice", "Rita", phone.pk)
    there = replace(BOB, slot=704)
    await served.hear(events.GaveUp(call=BOB, at=START), events.Parked(call=there, at=START))
    while (shown := (await served.ear.until("change"))["slots"])[-1]["slot"] != 704:
        pass
    assert shown[-1]["note"] == "wants the invoice"
    again = events.Unparked(call=there, retriever=Party("9"), retriever_channel="", retriever_uniqueid="r", at=START)
    await served.hear(again, events.Parked(call=BOB, at=START + timedelta(seconds=9)))
    while (shown := (await served.ear.until("change"))["slots"])[0].get("slot") != 703:
        pass
    assert shown[0]["note"] == "wants the invoice"


@pytest.mark.parametrize("kind", ["claim", "note"])
async def test_a_call_that_is_gone_cannot_be_claimed_or_noted(served: Served, rita: User, kind: str) -> None:
    gone = replace(BOB, uniqueid="u0")
    await served.order(kind, user=rita.pk, note={"note": "", "for_name": "", "for_phone": None}, **about(gone))
    assert await served.codes("not_parked", "held", "noted") == ["not_parked"]


async def test_a_caller_who_gave_up_is_listed_until_somebody_settles_it(served: Served, rita: User) -> None:
    hung_up = events.HungUp(uniqueid="u1", channel="x", cause=16, at=START)
    await served.hear(events.GaveUp(call=BOB, at=START), hung_up)
    await served.ear.until("missed")
    await ParkedCall.objects.aupdate(ended_at=START.replace(year=2026, month=11, day=25))
    row = await ParkedCall.objects.aget()
    order = {"missed": row.pk, "lot": row.lot_id, "slot": 703, "uniqueid": "u1"}
    await served.order("settle", user=rita.pk, remark="called back", **order)
    assert await served.codes("settled", "not_missed") == ["settled"]
    await served.ear.until("missed")
    row = await ParkedCall.objects.aget()
    assert (row.called_back_by_id, row.remark) == (rita.pk, "called back")
    await served.order("settle", user=rita.pk, command="c2", undo=True, **order)
    assert await served.codes("unsettled") == ["unsettled"]
    assert (await ParkedCall.objects.aget()).called_back_at is None
    await served.order("settle", user=rita.pk, command="c3", **{**order, "missed": 0})
    assert await served.codes("not_missed") == ["not_missed"]


async def notify(served: Served, sender: User, phone: Phone, command: str = "n1") -> None:
    facts = {"id": phone.pk, "number": phone.number, "name": phone.name, "device": phone.device}
    notified = {"phone": facts, "sender": "Rita Desk", "text": "please hurry"}
    await served.order("notify", user=sender.pk, command=command, notified=notified, taker=phone.owner_id, **about())


async def test_whom_a_call_is_for_is_told_on_board_and_phone_and_answers(served: Served, rita: User, ron: User) -> None:
    phone = await Phone.objects.aget(owner=ron)
    await notify(served, rita, phone)
    assert (await served.pages.next())["params"] == {"phone": "202", "name": "Desk 202"}
    assert await served.link.asked("MessageSend") == {
        "To": "pjsip:202",
        "From": "sip:parking@localhost",
        "Body": "Bob on 703: please hurry (Rita Desk)",
    }
    await served.ear.until("notices")
    (notice,) = await sync_to_async(notices.notice_facts)()
    assert (notice["to"], notice["sender"], notice["caller"]["name"], notice["answer"]) == (ron.pk, rita.pk, "Bob", "")
    for user, word, code, answer in [
        (rita, "coming", "no_such_notice", ""),
        (ron, "coming", "answered", "coming"),
        (ron, "seen", "answered", "coming"),
    ]:
        await served.order("seen", user=user.pk, command="a", notice=notice["id"], answer=word)
        assert await served.codes("answered", "no_such_notice") == [code]
        assert (await sync_to_async(notices.notice_facts)())[0]["answer"] == answer


async def test_a_notice_follows_the_call_and_ends_with_it(served: Served, rita: User, ron: User) -> None:
    await notify(served, rita, await Phone.objects.aget(owner=ron))
    await served.codes("notified")
    await served.ear.until("notices")
    there = replace(BOB, slot=704)
    await served.hear(events.GaveUp(call=BOB, at=START), events.Parked(call=there, at=START))
    await served.ear.until("notices")
    while not (told := await sync_to_async(notices.notice_facts)()):
        await served.ear.until("notices")
    assert told[0]["slot"] == 704
    await served.hear(events.TimedOut(call=there, at=START))
    await served.ear.until("notices")
    assert await sync_to_async(notices.notice_facts)() == []


@pytest.mark.parametrize(
    ("owner", "answers", "code"),
    [
        (True, {"MessageSend": ActionRefused("MessageSend", "Permission denied")}, "notified"),
        (True, {"Getvar": Reply({"Value": "UNAVAILABLE"})}, "notified"),
        (False, {}, "notified"),
        (False, {"Getvar": Reply({"Value": "UNAVAILABLE"})}, "not_notified"),
        (False, {"MessageSend": ActionRefused("MessageSend", "Permission denied")}, "not_notified"),
    ],
    ids=["no right", "phone off", "nobody's phone", "nobody's phone is off", "nobody's phone, no right"],
)
async def test_a_notice_reaches_a_board_or_a_phone_or_says_so(
    served: Served, rita: User, ron: User, owner: bool, answers: dict[str, Any], code: str
) -> None:
    phone = await Phone.objects.aget(owner=ron)
    phone.owner = ron if owner else None
    await phone.asave()
    served.link.answers |= answers
    await notify(served, rita, phone)
    assert await served.codes("notified", "not_notified") == [code]


async def test_every_order_is_written_down_with_how_it_ended(served: Served, rita: User) -> None:
    await served.order("claim", user=rita.pk, **about())
    await served.codes("held")
    await served.order(
        "note",
        command="c2",
        user=rita.pk,
        note={"note": "", "for_name": "", "for_phone": None},
        detail="x" * 999,
        **about(replace(BOB, uniqueid="gone")),
    )
    await served.codes("not_parked")
    await at_rest(served)
    rows = [row async for row in Act.objects.order_by("pk")]
    assert [(row.kind, row.code, row.user_id, row.user_name) for row in rows] == [
        ("claim", "held", rita.pk, "Rita Desk"),
        ("note", "not_parked", rita.pk, "Rita Desk"),
    ]
    assert (rows[0].caller, rows[0].slot, rows[0].uniqueid) == ("Bob 5551001", 703, "u1")
    assert len(rows[1].detail) == 400


async def test_what_cannot_be_written_down_was_done_all_the_same(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(acts, "note", broken)
    await served.order("claim", user=rita.pk, **about())
    assert await served.codes("held") == ["held"]
    await at_rest(served)
    assert (await row_of()).claimed_by_id == rita.pk


@pytest.mark.parametrize(
    ("fields", "listed"),
    [
        ({}, True),
        ({"outcome": "retrieved"}, False),
        ({"called_back_at": START}, False),
        ({"ended_at": timezone.now() - timedelta(hours=25)}, False),
    ],
    ids=["missed", "taken", "settled", "old"],
)
def test_who_is_to_be_called_back(lot: ParkingLot, fields: dict[str, Any], listed: bool) -> None:
    at = timezone.now() - timedelta(minutes=5)
    given = {"parked_at": at, "ended_at": at + timedelta(seconds=75), "outcome": "abandoned", **fields}
    row = ParkedCall.objects.create(lot=lot, slot=703, uniqueid="u1", caller_number="5551", note="urgent", **given)
    assert [(one["id"], one["waited"], one["note"]) for one in missed.missed_facts()] == (
        [(row.pk, 75, "urgent")] if listed else []
    )
