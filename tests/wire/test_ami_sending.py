"""Actions: one reply each, in time, and nothing left behind."""

import asyncio

import pytest

from lots.ami import ActionRefused, ActionTimedOut, UnsafeValue
from lots.types.events import Originated, Parked
from tests.kit.fake_ami import FakeAmi
from tests.recordings import section
from tests.wire.conftest import Heard, Listen


def waiting(heard: Heard) -> int:
    return len(heard.link._conversation.session.requests)


@pytest.fixture
async def heard(fake: FakeAmi, listen: Listen) -> Heard:
    heard = await listen(fake)
    await heard.settled()
    return heard


async def test_a_reply(heard: Heard) -> None:
    reply = await heard.link.send("Ping")
    assert reply.headers["PING"] == "Pong"
    assert reply.items == ()


async def test_a_list_without_its_complete_event(heard: Heard, fake: FakeAmi) -> None:
    fake.answers["ParkedCalls"] = section("22", "four calls")
    reply = await heard.link.send("ParkedCalls")
    assert [item["parkingspace"] for item in reply.items] == ["701", "702", "703", "801"]
    assert reply.headers["EventList"] == "start"


async def test_list_items_are_no_live_parks(heard: Heard, fake: FakeAmi) -> None:
    fake.answers["ParkedCalls"] = section("22", "four calls")
    await heard.link.send("ParkedCalls")
    assert heard.inbox.empty()


async def test_items_of_a_list_nobody_waits_for_any_more_are_no_live_parks(heard: Heard, fake: FakeAmi) -> None:
    fake.say(section("22", "four calls"))
    await heard.link.send("Ping")
    assert heard.inbox.empty()


async def test_a_list_may_come_mixed_with_live_events(heard: Heard, fake: FakeAmi) -> None:
    live = next(block for block in section("22", "give up").split(b"\r\n\r\n") if b"Event: ParkedCall\r" in block)
    blocks = section("22", "four calls").split(b"\r\n\r\n")
    fake.answers["ParkedCalls"] = b"\r\n\r\n".join([*blocks[:2], live, *blocks[2:]])
    reply = await heard.link.send("ParkedCalls")
    assert len(reply.items) == 4
    assert isinstance(await heard.next(), Parked)
    assert heard.inbox.empty()


@pytest.mark.parametrize("action", ["ParkedCalls", "Originate"])
async def test_a_refusal_ends_the_action_with_asterisk_s_word(heard: Heard, fake: FakeAmi, action: str) -> None:
    fake.answers[action] = section("22", "unknown lot")
    with pytest.raises(ActionRefused, match="Requested parking lot could not be found") as caught:
        await asyncio.wait_for(heard.link.send(action), 1)
    assert (caught.value.action, waiting(heard)) == (action, 0)


async def test_every_action_has_a_time_limit(heard: Heard, fake: FakeAmi) -> None:
    fake.answers["Originate"] = None
    with pytest.raises(ActionTimedOut, match=r"Originate within 0\.05 seconds"):
        await heard.link.send("Originate", timeout=0.05)
    assert waiting(heard) == 0
    assert heard.link.is_up


async def test_a_late_answer_is_nobody_s(heard: Heard, fake: FakeAmi) -> None:
    fake.answers["Originate"] = None
    with pytest.raises(ActionTimedOut):
        await heard.link.send("Originate", timeout=0.05)
    fake.say(section("22", "ping", fake.actions[-1]["ActionID"]))
    assert (await heard.link.send("Ping")).headers["Ping"] == "Pong"
    assert heard.inbox.empty()


async def test_a_list_that_stops_halfway_has_the_same_time_limit(heard: Heard, fake: FakeAmi) -> None:
    fake.answers["ParkedCalls"] = section("22", "four calls")[:1200]
    with pytest.raises(ActionTimedOut):
        await heard.link.send("ParkedCalls", timeout=0.1)


async def test_giving_up_leaves_nothing_behind(heard: Heard, fake: FakeAmi) -> None:
    fake.answers["Originate"] = None
    task = asyncio.create_task(heard.link.send("Originate"))
    await fake.got("Originate")
    assert waiting(heard) == 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert waiting(heard) == 0


async def test_many_at_once_get_their_own_replies(heard: Heard, fake: FakeAmi) -> None:
    fake.answers["Echo"] = lambda action: f"Response: Success\r\nActionID: x\r\nSaid: {action['Say']}\r\n\r\n".encode()
    replies = await asyncio.gather(*(heard.link.send("Echo", [("Say", str(n))]) for n in range(200)))
    assert [reply.headers["Said"] for reply in replies] == [str(n) for n in range(200)]
    assert waiting(heard) == 0


async def test_how_an_originate_ended_reaches_the_inbox(heard: Heard, fake: FakeAmi) -> None:
    """Also when it comes while the action still waits: it carries our ActionID, and is an event all the same."""
    reply, _, ended = section("22", "originate busy").partition(b"\r\n\r\n")
    ended = ended.split(b"\r\n\r\n")[0]
    fake.answers["Originate"] = b"\r\n\r\n".join([ended, reply, b""])
    got = await heard.link.send("Originate", [("ActionID", "claim-7")])
    event = await heard.next()
    assert isinstance(event, Originated)
    assert event.action_id == "claim-7" == got.headers["ActionID"]
    assert (event.answered, event.reason) == (False, 5)


async def test_an_action_id_can_wait_only_once(heard: Heard, fake: FakeAmi) -> None:
    fake.answers["Originate"] = None
    first = asyncio.create_task(heard.link.send("Originate", [("ActionID", "claim-7")]))
    await fake.got("Originate")
    with pytest.raises(UnsafeValue):
        await heard.link.send("Originate", [("ActionID", "claim-7")])
    assert not first.done()
    fake.say(section("22", "ping", "claim-7"))
    await first


@pytest.mark.parametrize(
    "headers",
    [
        [("Channel", "x\r\nAction: Originate")],
        [("Channel", "x\nAction: Originate")],
        [("Channel", "x\0")],
        [("Channel: x\r\nAction", "Originate")],
        [("Variable", "v=" + "x" * 1024)],
        [("Variable", "v=1")] * 127,
    ],
)
async def test_no_byte_of_an_unsafe_action_is_sent(heard: Heard, fake: FakeAmi, headers: list[tuple[str, str]]) -> None:
    before = len(fake.actions)
    with pytest.raises(UnsafeValue):
        await heard.link.send("Redirect", headers)
    await heard.link.send("Ping")
    assert fake.names()[before:] == ["Ping"]
    assert fake.actions[-1].keys() == {"Action", "ActionID"}
    assert waiting(heard) == 0
