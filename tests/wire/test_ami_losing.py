"""Losing the link: noticed, told once, and never repaired by doing a thing twice."""

import asyncio

import pytest

from lots.ami import ActionTimedOut, Disconnected, UnsafeValue
from lots.types.events import LinkLost, LinkUp, Listed, Parked, Settled
from tests.kit.fake_ami import FakeAmi
from tests.recordings import events, section
from tests.wire.conftest import Listen


async def test_a_drop_fails_an_action_at_once_and_never_sends_it_again(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    fake.answers["Park"] = None
    waiting = asyncio.create_task(heard.link.send("Park", [("Channel", "PJSIP/1-1")]))
    await fake.got("Park")
    fake.drop()
    with pytest.raises(Disconnected, match="lost while waiting"):
        await asyncio.wait_for(waiting, 0.5)
    await heard.until(LinkLost)
    await heard.until(Settled)  # the next link; its login says FullyBooted
    assert fake.connections == 2
    assert fake.names().count("Park") == 1


async def test_a_drop_in_the_middle_of_a_list_fails_it_too(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    fake.answers["ParkedCalls"] = section("22", "four calls")[:1200]
    waiting = asyncio.create_task(heard.link.send("ParkedCalls"))
    await fake.got("ParkedCalls", 2)
    fake.drop()
    with pytest.raises(Disconnected):
        await waiting


async def test_a_drop_in_the_middle_of_our_own_list_is_listed_anew(fake: FakeAmi, listen: Listen) -> None:
    fake.answers["ParkedCalls"] = section("22", "four calls")[:1200]
    heard = await listen(fake)
    await fake.got("ParkedCalls")
    fake.answers["ParkedCalls"] = section("22", "four calls")
    fake.drop()
    listed = await heard.until(Listed)
    assert [type(event) for event in heard.log] == [LinkUp, LinkLost, LinkUp, Listed]
    assert len(listed.calls) == 4


async def test_nothing_is_sent_while_down(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    await fake.shut()
    await heard.until(LinkLost)
    with pytest.raises(Disconnected):
        await heard.link.send("Park", [("Channel", "PJSIP/1-1")])
    await fake.open()
    await heard.until(Settled)
    assert "Park" not in fake.names()


async def test_an_unsafe_value_is_the_caller_s_fault_also_while_down(fake: FakeAmi, listen: Listen) -> None:
    await fake.shut()
    heard = await listen(fake)
    await heard.until(LinkLost)
    with pytest.raises(UnsafeValue):
        await heard.link.send("Park", [("Variable", "x" * 2000)])


async def test_nothing_is_sent_before_the_first_login(fake: FakeAmi, listen: Listen) -> None:
    fake.answers["Login"] = None
    heard = await listen(fake)
    await fake.got("Login")
    with pytest.raises(Disconnected):
        await heard.link.send("Ping")
    assert not heard.link.is_up


async def test_a_peer_that_falls_silent_is_noticed(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake, idle=0.1, pong=0.1)
    await heard.settled()
    fake.answers["Ping"] = None
    lost = await heard.until(LinkLost)
    assert lost.reason == "Asterisk stopped answering."


async def test_a_quiet_peer_that_answers_pings_is_kept(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake, idle=0.05, pong=1)
    await heard.settled()
    await fake.got("Ping", 5)
    assert heard.inbox.empty()
    assert fake.connections == 1


async def test_a_talking_peer_is_not_pinged(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake, idle=0.3)
    await heard.settled()
    for _ in range(10):
        await fake.say_apart(b"Event: Nothing\r\n\r\n", b"Event: Nothing\r\n\r\n")
    assert fake.names().count("Ping") == 1


async def test_an_action_that_may_take_long_is_not_a_silent_peer(fake: FakeAmi, listen: Listen) -> None:
    """Asterisk works on one action at a time, a Reload for instance, and answers no Ping meanwhile."""
    heard = await listen(fake, idle=0.1, pong=0.1)
    await heard.settled()
    fake.answers["Reload"] = fake.answers["Ping"] = None
    waiting = asyncio.create_task(heard.link.send("Reload", timeout=5))
    reload_id = (await fake.got("Reload"))["ActionID"]
    ping_id = (await fake.got("Ping", 2))["ActionID"]
    await asyncio.sleep(0.3)
    fake.answers["Ping"] = section("22", "ping")
    for action_id in (reload_id, ping_id):
        fake.say(section("22", "ping", action_id))
    await waiting
    assert heard.inbox.empty()


async def test_asking_again_and_again_does_not_hide_a_silent_peer(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake, idle=0.1, pong=0.1, action=0.2)
    await heard.settled()
    fake.answers.update(dict.fromkeys(["Ping", "Status"]))

    async def click() -> None:
        while True:
            with pytest.raises((ActionTimedOut, Disconnected)):
                await heard.link.send("Status")
            await asyncio.sleep(0)

    clicking = asyncio.create_task(click())
    await heard.until(LinkLost)
    clicking.cancel()


@pytest.mark.parametrize("farewell", [section("22", "shutdown"), b"Response: Goodbye\r\n\r\n"])
async def test_asterisk_s_goodbye_ends_the_link_with_its_reason(fake: FakeAmi, listen: Listen, farewell: bytes) -> None:
    heard = await listen(fake)
    await heard.settled()
    fake.say(farewell)
    lost = await heard.next()
    assert isinstance(lost, LinkLost)
    assert lost.reason == "Asterisk is shutting down."


async def test_a_plain_close_is_told(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    fake._writers[-1].close()
    lost = await heard.next()
    assert lost.reason == "Asterisk closed the connection."


async def test_a_message_without_end_is_cut_off(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    fake.say(b"Event: ParkedCall\r\nName: " + b"x" * (2 << 20))
    assert "without end" in (await heard.until(LinkLost)).reason
    await heard.until(Settled)


async def test_each_outage_is_told_once(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    for _ in range(3):
        await fake.shut()
        await heard.until(LinkLost)
        await asyncio.sleep(0.1)  # some retries
        await fake.open()
        await heard.until(Settled)
    assert [type(event) for event in heard.log] == [LinkLost, LinkUp, Listed, Settled] * 3


async def test_events_before_a_loss_come_before_it(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    fake.say(section("22", "four parks"))
    fake._writers[-1].close()
    await heard.until(LinkLost)
    assert [type(event) for event in heard.log if isinstance(event, (Parked, LinkLost))] == [*[Parked] * 4, LinkLost]


def flood(size: int) -> bytes:
    """So many callers entering a slot, each with a Uniqueid of its own."""
    park = next(block for block in section("22", "retrieve").split(b"\r\n\r\n") if b"Event: ParkedCall\r" in block)
    uniqueid = events("22", "retrieve", "ParkedCall")[0]["ParkeeUniqueid"].encode()
    return b"".join(park.replace(uniqueid, b"flood-%d" % number) + b"\r\n\r\n" for number in range(size))


async def test_a_full_inbox_means_a_fresh_start_and_no_silent_hole(fake: FakeAmi, listen: Listen) -> None:
    """20,000 events at once for a reader that does not read: the link is cut; what was queued stays in order."""
    heard = await listen(fake, size=100)
    await heard.settled()
    fake.say(flood(20000))
    await fake.left()
    assert heard.inbox.full()
    await asyncio.sleep(0.2)
    assert fake.connections == 1  # no use in another one before the reader reads
    await heard.until(Settled)
    parks = [event.call.uniqueid for event in heard.log[:100] if isinstance(event, Parked)]
    assert parks == [f"flood-{number}" for number in range(100)]
    assert [type(event) for event in heard.log[100:]] == [LinkLost, LinkUp, Listed, Settled]


async def test_a_reader_that_keeps_up_gets_every_event_in_order(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake, size=30000)
    await heard.settled()
    fake.say(flood(20000))
    got = [(await heard.next()).call.uniqueid for _ in range(20000)]
    assert got == [f"flood-{number}" for number in range(20000)]
