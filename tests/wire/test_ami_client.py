"""One short session: what it needs to begin, and how it ends."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from lots.ami import AccountRefused, ActionRefused, ActionTimedOut, AmiAddress, AmiClient, Disconnected, Timing
from lots.ami.wire import LONGEST_MESSAGE
from tests.kit.fake_ami import FakeAmi

SECRET = "s3cr3t-of-the-portal"
QUICK = Timing(connect=2, login=0.3, action=0.3, farewell=0.3)


def client(port: int) -> AmiClient:
    return AmiClient(AmiAddress(user="publish", secret=SECRET, host="127.0.0.1", port=port), timing=QUICK)


@pytest.fixture
async def silent() -> AsyncIterator[int]:
    """The port of something that takes connections and says nothing."""
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def test_it_logs_in_asks_and_logs_off(fake: FakeAmi) -> None:
    async with client(fake.port) as ami:
        assert ami.is_up
        assert ami.version == "11.0.0"
        assert (await ami.send("Ping")).headers["Response"] == "Success"
        assert len((await ami.send("Parkinglots")).items) == 3
    assert not ami.is_up
    await fake.left()
    assert fake.names() == ["Login", "Ping", "Parkinglots", "Logoff"]
    assert fake.actions[0]["Events"] == "off"


async def test_a_refused_account_is_said_without_the_secret(fake: FakeAmi) -> None:
    fake.answers["Login"] = b"Response: Error\r\nActionID: x\r\nMessage: Authentication failed\r\n\r\n"
    with pytest.raises(AccountRefused, match="'publish': Authentication failed") as caught:
        await client(fake.port).__aenter__()
    assert SECRET not in str(caught.value)
    await fake.left()


async def test_nobody_there(fake: FakeAmi) -> None:
    await fake.shut()
    with pytest.raises(Disconnected, match=str(fake.port)):
        await client(fake.port).__aenter__()


async def test_a_port_that_says_nothing(silent: int) -> None:
    with pytest.raises(Disconnected, match="said nothing"):
        await client(silent).__aenter__()


async def test_a_login_that_is_never_answered(fake: FakeAmi) -> None:
    fake.answers["Login"] = None
    with pytest.raises(Disconnected, match="did not answer the login"):
        await client(fake.port).__aenter__()
    await fake.left()


async def test_whoever_waits_hears_of_the_end_at_once_and_the_next_too(fake: FakeAmi) -> None:
    fake.answers["GetConfig"] = None
    async with client(fake.port) as ami:
        waiting = asyncio.create_task(ami.send("GetConfig", timeout=60))
        await fake.got("GetConfig")
        fake.drop()
        with pytest.raises(Disconnected, match="was lost while waiting"):
            await waiting
        with pytest.raises(Disconnected, match="connection was lost"):
            await ami.send("Ping")


async def test_no_answer_and_no(fake: FakeAmi) -> None:
    fake.answers["GetConfig"] = None
    async with client(fake.port) as ami:
        with pytest.raises(ActionTimedOut):
            await ami.send("GetConfig")
        with pytest.raises(ActionRefused):
            await ami.send("Nonsense")
        assert ami.is_up


async def test_before_it_is_entered_there_is_no_connection() -> None:
    with pytest.raises(Disconnected):
        await client(1).send("Ping")


async def test_a_file_may_be_longer_than_any_event(fake: FakeAmi) -> None:
    line = b"Line-000000-%06d: exten=701,%d,NoOp(" + b"x" * 800 + b")"
    lines = [line % (number, number) for number in range(2 * LONGEST_MESSAGE // 800)]
    answer = [b"Response: Success", b"ActionID: x", b"Category-000000: a", *lines, b"", b""]
    fake.answers["GetConfig"] = b"\r\n".join(answer)
    async with client(fake.port) as ami:
        reply = await ami.send("GetConfig", timeout=5)
    assert reply.headers["Response"] == "Success"
    assert "Category-000000" not in reply.headers
    assert len(reply.raw) > 2 * LONGEST_MESSAGE
    assert reply.raw.endswith(lines[-1])
