"""A sentence before the end, with an Asterisk that does what a real one does not do on demand."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from lots.ami import ActionRefused, Reply
from lots.audio.store import played
from lots.bridge.commands import saying
from lots.bridge.farewell import check, originate, other_half
from lots.config.gate import UnsafeValue
from lots.models import Act, ParkedCall
from lots.types import events
from lots.types.calls import Party
from tests.kit.pbx_model import START
from tests.kit.served import BOB, Served

pytestmark = pytest.mark.django_db(transaction=True)

CALL = {"lot": 1, "lot_name": "desk", "slot": 703, "uniqueid": "u1", "message": "Goodbye.", "detail": "Goodbye."}
ADDRESS = f"http://127.0.0.1:8000/audio/{'a' * 64}.wav"


@pytest.fixture(autouse=True)
def speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saying, "speech", lambda _text: (ADDRESS, 0.0))


@pytest.fixture
def desk(served: Served, rita: User) -> "Desk":
    return Desk(served, rita)


class Desk:
    """Somebody who ends Bob's call with a word."""

    def __init__(self, served: Served, user: User) -> None:
        self.served, self.user = served, user

    async def end(self, **fields: Any) -> None:
        await self.served.order("end", user=self.user.pk, **{**CALL, **fields})

    async def leg(self) -> str:
        return (await self.served.link.asked("Originate"))["ChannelId"]

    async def taken_by(self, uniqueid: str, name: str = "") -> None:
        retriever = Party("9", name)
        gone = events.Unparked(
            call=BOB, retriever=retriever, retriever_channel="", retriever_uniqueid=uniqueid, at=START
        )
        await self.served.hear(gone)

    async def over(self, uniqueid: str, cause: int) -> None:
        await self.served.hear(events.HungUp(uniqueid=uniqueid, channel="x", cause=cause, at=START))

    async def saying(self) -> str:
        await self.end()
        leg = await self.leg()
        await self.taken_by(other_half(leg))
        assert await self.served.codes("saying") == ["saying"]
        return leg


async def test_the_stay_ends_once_by_who_ended_it_and_keeps_the_words(desk: Desk) -> None:
    await desk.over(await desk.saying(), 0)
    assert await desk.served.codes("ended", "ended_unsaid") == ["ended_unsaid"], "it was over before its pause was"
    await desk.served.hear(events.HungUp(uniqueid="u1", channel="x", cause=16, at=START))
    await desk.served.ear.until("change")
    row = await ParkedCall.objects.aget()
    assert (row.outcome, row.retrieved_by_id, row.retriever_number) == ("ended", desk.user.pk, "")
    assert (row.remark, row.claimed_by_id) == ("Goodbye.", None)
    async for act in Act.objects.all():
        assert (act.kind, act.detail, act.code) == ("end", "Goodbye.", "ended_unsaid")


async def test_said_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saying, "CUT", 10)
    await desk.over(await desk.saying(), 0)
    assert await desk.served.codes("ended", "ended_unsaid") == ["ended"]


@pytest.mark.parametrize("who", ["the caller", "our channel, because of the caller"])
async def test_a_caller_who_does_not_wait_for_the_end(desk: Desk, who: str) -> None:
    leg = await desk.saying()
    await desk.over("u1" if who == "the caller" else leg, 16)
    assert await desk.served.codes("ended_early", "ended") == ["ended_early"]


@pytest.mark.parametrize("first", ["its refusal", "the other"])
async def test_somebody_was_quicker(desk: Desk, first: str) -> None:
    await desk.end()
    leg = await desk.leg()
    refused = events.Originated(uniqueid=leg, action_id="", answered=False, reason=1, at=START)
    if first == "its refusal":
        await desk.served.hear(refused)
    await desk.taken_by("somebody", "Tom")
    assert await desk.served.codes("taken", "saying") == ["taken"]
    assert "Hangup" not in desk.served.link.actions, "nobody is hung up on"
    row = await ParkedCall.objects.aget()
    assert (row.outcome, row.retriever_name, row.remark) == ("retrieved", "Tom", "")


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        (events.TimedOut(call=BOB, at=START), "timed_out"),
        (events.LinkLost(reason="cut", at=START), "link_lost"),
    ],
)
async def test_what_happens_instead(desk: Desk, heard: events.Event, code: str) -> None:
    await desk.end()
    await desk.leg()
    await desk.served.hear(heard)
    assert await desk.served.codes(code, "saying") == [code]


async def test_the_caller_hangs_up_before_anything_is_said(desk: Desk) -> None:
    await desk.end()
    await desk.leg()
    await desk.served.hear(events.GaveUp(call=BOB, at=START))
    await desk.over("u1", 16)
    assert await desk.served.codes("caller_left", "saying") == ["caller_left"]
    assert (await ParkedCall.objects.aget()).outcome == "abandoned", "to be called back"


async def test_nothing_is_heard_of_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saying, "SOON", 0.05)
    await desk.end()
    leg = await desk.leg()
    assert await desk.served.codes("not_ended", "saying") == ["not_ended"]
    assert (await desk.served.link.asked("Hangup"))["Channel"] == leg
    row = await ParkedCall.objects.aget()
    assert (row.ended_at, row.claimed_by_id) == (None, None)


async def test_a_pbx_that_only_lets_us_watch(desk: Desk) -> None:
    desk.served.link.answers["ShowDialPlan"] = ActionRefused("ShowDialPlan", "Did not find context x")
    await desk.served.order("can_say", user=desk.user.pk, lot=1)
    assert (await desk.served.pages.next())["params"] == {"why": "no_guard"}
    await desk.end(command="c2")
    assert await desk.served.codes("no_guard") == ["no_guard"]
    assert "Originate" not in desk.served.link.actions


async def test_a_machine_that_cannot_speak(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(saying, "can_speak", lambda: False)
    monkeypatch.setattr(saying, "speak", lambda _text: "")
    await desk.served.order("can_say", user=desk.user.pk, lot=1)
    assert (await desk.served.pages.next())["params"] == {"why": "no_speech"}
    await desk.end(command="c2")
    assert await desk.served.codes("not_spoken") == ["not_spoken"]
    await desk.end(command="c3", message="a [[b]]")
    assert await desk.served.codes("not_sayable") == ["not_sayable"]
    assert (await ParkedCall.objects.aget()).claimed_by_id is None


async def test_what_a_colleague_takes_is_left_alone(desk: Desk, ron: User) -> None:
    desk.served.link.answers["Getvar"] = Reply({"Value": "NOT_INUSE"})
    await desk.served.ringing(ron.pk)
    await desk.end(command="c2")
    assert await desk.served.codes("claimed_by") == ["claimed_by"]


def test_a_sentence_is_made_once_while_its_recording_is_there(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    made: list[str] = []

    def speak(text: str) -> str:
        made.append(text)
        played(text).write_bytes(b"RIFF")
        return text

    monkeypatch.setattr(saying, "speak", speak)
    monkeypatch.setattr(saying, "_lately", {})
    monkeypatch.setattr(saying, "KEPT", 2)
    assert [saying._spoken(text) for text in "aaba"] == list("aaba")
    assert made == ["a", "b"]
    played("b").unlink()
    saying._spoken("b")
    saying._spoken("c")
    assert made == ["a", "b", "b", "c"]
    assert len(saying._lately) == 2


@pytest.mark.parametrize("text", ["", " ", "a [[b]]", "<b>", "a & b", "x" * 201, "$(x)", "a\nb", "`x`", "\x1b[0m"])
def test_what_is_no_sentence_passes_no_gate(text: str) -> None:
    with pytest.raises(UnsafeValue):
        check(text)


@pytest.mark.parametrize("text", ["We're closed, sorry! Call 030/123-456?", "Bitte später: 5 % Rabatt."])
def test_a_sentence_passes(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    "address", ["http://h/audio/x.wav&beep", "http://h/audio/x.wav,noanswer", "file:///etc/passwd"]
)
def test_only_a_recording_of_ours_is_played(address: str) -> None:
    with pytest.raises(UnsafeValue):
        originate("parkinglot-guard", BOB, "leg", address)
