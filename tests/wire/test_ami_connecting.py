"""Coming up, staying down, and saying so once."""

import asyncio
import logging

import pytest

from lots.ami import AmiAddress, Disconnected
from lots.ami.filters import FILTERS
from lots.types.events import LinkLost, LinkUp, Listed, LoginRefused, Settled
from tests.kit.fake_ami import FakeAmi
from tests.recordings import section
from tests.wire.conftest import SECRET, Listen


@pytest.mark.parametrize("version", ["16", "22"])
async def test_it_logs_in_and_tells_the_whole_truth(listen: Listen, version: str) -> None:
    async with FakeAmi(version) as fake:
        fake.answers["ParkedCalls"] = section(version, "four calls")
        heard = await listen(fake)
        listed = await heard.until(Listed)
        assert [lot.name for lot in listed.lots] == ["default", "endless", "sales"]
        assert [call.slot for call in listed.calls] == [701, 702, 703, 801]
        await heard.until(Settled)
        assert [type(event) for event in heard.log] == [LinkUp, Listed, Settled]
        assert heard.link.is_up
        assert heard.log[0].version == heard.link.version == {"16": "5.0.4", "22": "11.0.0"}[version]
        assert fake.names() == ["Login", *["Filter"] * len(FILTERS), "Parkinglots", "ParkedCalls", "Ping"]


async def test_full_boot_right_after_login_costs_no_second_list(fake: FakeAmi, listen: Listen) -> None:
    assert b"FullyBooted" in fake.login
    heard = await listen(fake)
    await heard.settled()
    fake.say(section("22", "give up"))
    await heard.next()
    assert fake.names().count("Parkinglots") == 1


async def test_asterisk_that_finished_booting_is_asked_again(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    fake.say(b"Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n")
    await heard.until(Listed)


async def test_a_refused_connection_is_told_once_and_tried_until_it_works(
    fake: FakeAmi, listen: Listen, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "lots.ami")
    await fake.shut()
    heard = await listen(fake)
    lost = await heard.next()
    assert isinstance(lost, LinkLost)
    assert "Nothing listens" in lost.reason
    await asyncio.sleep(0.2)  # several retries
    assert heard.inbox.empty()
    assert [r.levelname for r in caplog.records].count("WARNING") == 1
    assert [r.levelname for r in caplog.records].count("DEBUG") > 1
    await fake.open()
    assert isinstance(await heard.next(), LinkUp)
    assert [r.levelname for r in caplog.records].count("INFO") == 1


async def test_a_wrong_secret_is_a_state_of_its_own_and_retried_slowly(
    fake: FakeAmi, listen: Listen, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.answers["Login"] = section("22", "login refused")
    heard = await listen(fake, refused_first=0.3, refused_most=10)
    refused = await heard.next()
    assert isinstance(refused, LoginRefused)
    assert "Authentication failed" in refused.reason
    assert not heard.link.is_up
    started = asyncio.get_running_loop().time()
    await fake.got("Login", 3)
    assert asyncio.get_running_loop().time() - started >= 0.85  # 0.3 and 0.6, while a loss would retry in 0.05
    assert heard.inbox.empty()
    assert fake.names() == ["Login"] * 3
    assert SECRET not in caplog.text + refused.reason
    fake.answers["Login"] = fake.login
    await heard.stop()


async def test_a_corrected_account_recovers(fake: FakeAmi, listen: Listen) -> None:
    fake.answers["Login"] = section("22", "login refused")
    heard = await listen(fake)
    await heard.until(LoginRefused)
    fake.answers["Login"] = fake.login
    assert isinstance(await heard.next(), LinkUp)


async def test_the_secret_is_in_no_log_of_a_whole_life(
    fake: FakeAmi, listen: Listen, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    heard = await listen(fake)
    await heard.settled()
    fake.say(section("22", "retrieve"))
    await heard.next()
    fake.drop()
    await heard.until(LinkUp)
    assert caplog.records
    assert SECRET not in caplog.text


@pytest.mark.parametrize("banner", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
async def test_another_service_s_port_is_called_so(fake: FakeAmi, listen: Listen, banner: bytes) -> None:
    fake.banner = banner
    lost = await (await listen(fake)).next()
    assert isinstance(lost, LinkLost)
    assert "not Asterisk's manager interface" in lost.reason
    assert fake.names() == []  # the secret was not sent there


async def test_a_greeting_in_pieces_is_a_greeting(fake: FakeAmi, listen: Listen) -> None:
    banner, fake.banner = fake.banner, b""
    heard = await listen(fake)
    await fake.connected()
    await fake.say_apart(banner[:3], banner[3:-1], banner[-1:])
    assert isinstance(await heard.next(), LinkUp)


@pytest.mark.parametrize("banner", [b"", b"Asterisk Call"])
async def test_a_silent_or_slow_greeting_has_a_time_limit(fake: FakeAmi, listen: Listen, banner: bytes) -> None:
    fake.banner = banner
    heard = await listen(fake, login=0.1)
    await fake.connected()
    lost = await heard.next()
    assert "said nothing" in lost.reason
    await fake.connected(2)  # and it tries again


async def test_dripping_bytes_do_not_stretch_the_limit(fake: FakeAmi, listen: Listen) -> None:
    fake.banner = b""
    heard = await listen(fake, login=0.1)
    await fake.connected()
    await fake.say_apart(*(bytes([letter]) for letter in b"Asterisk Cal"))
    assert isinstance(heard.inbox.get_nowait(), LinkLost)


async def test_a_login_without_answer_has_a_time_limit(fake: FakeAmi, listen: Listen) -> None:
    fake.answers["Login"] = None
    lost = await (await listen(fake, login=0.1)).next()
    assert isinstance(lost, LinkLost)
    assert "login" in lost.reason


async def test_an_unknown_host_is_told(fake: FakeAmi, listen: Listen) -> None:
    address = AmiAddress(user="portal", secret=SECRET, host="no-such-host.invalid", port=5038)
    lost = await (await listen(fake, address=address)).next()
    assert isinstance(lost, LinkLost)
    assert "no-such-host.invalid" in lost.reason


async def test_an_account_without_filters_is_told_once_and_works(
    fake: FakeAmi, listen: Listen, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "lots.ami")
    fake.answers["Filter"] = section("22", "filter denied")
    heard = await listen(fake)
    await heard.until(Settled)
    fake.drop()
    await heard.until(Settled)
    assert [record.levelname for record in caplog.records if "may not choose" in record.message] == ["DEBUG"]


async def test_half_accepted_filters_would_hide_events_so_it_goes_without(fake: FakeAmi, listen: Listen) -> None:
    taken, denied = fake.answers["Filter"], section("22", "filter denied")
    fake.answers["Filter"] = lambda action: denied if "Hangup" in action["Filter"] else taken
    heard = await listen(fake)
    await heard.until(LinkLost)
    await heard.until(Settled)
    assert fake.names()[-4:] == ["Login", "Parkinglots", "ParkedCalls", "Ping"]


async def test_cancelling_logs_off_and_nothing_comes_back(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    await asyncio.wait_for(heard.stop(), 1)
    await fake.got("Logoff")
    await fake.left()
    assert not heard.link.is_up
    with pytest.raises(Disconnected):
        await heard.link.send("Ping")
    await asyncio.sleep(0.2)  # four times the longest pause
    assert fake.connections == 1
    assert heard.inbox.empty()


async def test_cancelling_while_it_waits_to_reconnect_is_the_end(fake: FakeAmi, listen: Listen) -> None:
    await fake.shut()
    heard = await listen(fake, backoff_first=0.05)
    await heard.until(LinkLost)
    await heard.stop()
    await fake.open()
    await asyncio.sleep(0.2)
    assert fake.connections == 0


async def test_cancelling_is_prompt_when_asterisk_does_not_close(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake, farewell=0.1)
    await heard.settled()
    fake._writers[-1].transport.pause_reading()
    heard.link._conversation.session._transport.write(bytes(30 << 20))  # more than the sockets can swallow
    await asyncio.wait_for(heard.stop(), 1)


async def test_cancelling_fails_those_who_wait(fake: FakeAmi, listen: Listen) -> None:
    heard = await listen(fake)
    await heard.settled()
    fake.answers["Originate"] = None
    waiting = asyncio.create_task(heard.link.send("Originate"))
    await fake.got("Originate")
    await heard.stop()
    with pytest.raises(Disconnected):
        await waiting
