"""Order, the list, and the barrier behind it."""

import asyncio
import logging

import pytest

from lots.types.events import GaveUp, HungUp, LinkLost, Listed, Parked, Settled, Unparked
from tests.kit.fake_ami import FakeAmi
from tests.recordings import section
from tests.wire.conftest import Listen

BAD_PARK = b"Event: ParkedCall\r\nParkeeUniqueid: 1\r\nParkinglot: default\r\nParkingSpace: seven\r\n\r\n"


def block(name: str, event: str) -> bytes:
    """One message of a recorded section."""
    found = (one for one in section("22", name).split(b"\r\n\r\n") if f"Event: {event}\r".encode() in one)
    return next(found) + b"\r\n\r\n"


PARK, GIVE_UP = block("give up", "ParkedCall"), block("give up", "ParkedCallGiveUp")


async def test_two_events_in_one_read_keep_their_order(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    fake.say(section("22", "retrieve"))
    await heard.until(HungUp)
    kinds = [type(event) for event in heard.log]
    assert kinds.index(Parked) < kinds.index(Unparked) < kinds.index(HungUp)


async def test_events_stand_before_or_after_the_list_as_on_the_wire(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    fake.answers["ParkedCalls"] = PARK + section("22", "no calls") + GIVE_UP
    heard.link.relist()
    await heard.until(Settled)
    assert [type(event) for event in heard.log] == [Parked, Listed, GaveUp, Settled]


async def test_what_comes_before_the_pong_comes_before_settled(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    fake.answers["Ping"] = PARK + section("22", "ping") + GIVE_UP
    heard.link.relist()
    await heard.until(GaveUp)
    assert [type(event) for event in heard.log] == [Listed, Parked, Settled, GaveUp]


async def test_many_requests_become_one_more_list(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    for _ in range(5):
        heard.link.relist()
    await heard.until(Settled)
    await heard.until(Settled)
    for _ in range(4):  # steps enough for a third list
        await heard.link.send("Ping")
    assert [type(event) for event in heard.log] == [Listed, Settled, Listed, Settled]
    assert heard.inbox.empty()


async def test_relisting_while_down_asks_nothing(fake: FakeAmi, listen: Listen) -> None:
    await fake.shut()
    heard = await listen(fake)
    await heard.until(LinkLost)
    heard.link.relist()
    await fake.open()
    await heard.until(Settled)
    await heard.link.send("Ping")
    assert fake.names().count("Parkinglots") == 1


async def test_a_refused_list_drops_the_link(fake: FakeAmi, listen: Listen) -> None:
    lots = fake.answers["Parkinglots"]
    fake.answers["Parkinglots"] = section("22", "unknown action")
    heard = await listen(fake)
    lost = await heard.until(LinkLost)
    assert "Invalid/unknown command" in lost.reason
    fake.answers["Parkinglots"] = lots
    await heard.until(Settled)


async def test_a_list_that_never_ends_drops_the_link(fake: FakeAmi, listen: Listen) -> None:
    fake.answers["ParkedCalls"] = section("22", "four calls")[:1200]
    heard = await listen(fake, action=0.1)
    lost = await heard.until(LinkLost)
    assert "did not answer ParkedCalls" in lost.reason


async def test_an_event_that_cannot_be_read_costs_neither_link_nor_truth(
    fake: FakeAmi, listen: Listen, caplog: pytest.LogCaptureFixture
) -> None:
    heard = await listen(fake)
    await heard.settled()
    fake.say(PARK + BAD_PARK + GIVE_UP)
    await heard.until(Settled)
    assert [type(event) for event in heard.log] == [Parked, GaveUp, Listed, Settled]
    assert "Asterisk's event ParkedCall cannot be read" in caplog.text
    assert fake.connections == 1


async def test_an_item_that_cannot_be_read_is_left_out_and_not_asked_for_for_ever(
    fake: FakeAmi, listen: Listen, caplog: pytest.LogCaptureFixture
) -> None:
    fake.answers["ParkedCalls"] = section("22", "four calls").replace(b"ParkingSpace: 702", b"ParkingSpace: seven")
    heard = await listen(fake)
    listed = await heard.until(Listed)
    assert [call.slot for call in listed.calls] == [701, 703, 801]
    assert [record.levelno for record in caplog.records if record.levelno > logging.INFO] == [logging.ERROR]
    await heard.until(Settled)
    await asyncio.sleep(0.05)
    assert fake.names().count("ParkedCalls") == 1


async def test_a_name_cut_by_the_network_arrives_whole(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    cut = PARK.index("ü".encode()) + 1
    await fake.say_apart(PARK[:cut], PARK[cut:])
    assert (await heard.until(Parked)).call.caller.name == "Jürgen Müller"
