"""The bridge does what administrators ask for, and nothing of it ends the bridge."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import pytest
from channels.db import database_sync_to_async
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from lots.admin.comparing import compare_now
from lots.ami import AmiAddress
from lots.bridge import publishing
from lots.bridge.messages import bridge_channel
from lots.config.conf import EXTENSIONS, FILES, INCLUDED_BY, PARKING
from lots.models import ParkingLot, Pbx, Publication
from lots.publish.accounts import Accounts
from lots.publish.publications import State, want
from tests.kit.fake_ami import PATIENCE, FakeAmi
from tests.kit.fake_pbx import FakePbx
from tests.kit.served import Served

pytestmark = pytest.mark.django_db(transaction=True)
awant = database_sync_to_async(want)


@pytest.fixture
async def fake_pbx() -> AsyncIterator[FakePbx]:
    async with FakeAmi() as fake:
        yield FakePbx(fake)


@pytest.fixture
async def served(serve: Any, fake_pbx: FakePbx, monkeypatch: pytest.MonkeyPatch, pbx: Pbx) -> Served:
    """A bridge that can publish to the fake."""
    monkeypatch.setattr(publishing, "POLL", 0.02)
    await ParkingLot.objects.acreate(
        pbx=pbx, name="sales", label="Sales", observed=False, first_slot=701, last_slot=704
    )
    served: Served = await serve(wait=False)
    address = AmiAddress(user="publish", secret="s", host="127.0.0.1", port=fake_pbx.fake.port)
    served.bridge.publishing._accounts = Accounts(publish=address, watch=address)
    async with asyncio.timeout(PATIENCE):
        await served.bridge.serving.wait()
    return served


T = TypeVar("T")


async def until(read: Callable[[], Awaitable[T]], ready: Callable[[T], bool]) -> T:
    """Read until it is so."""
    async with asyncio.timeout(PATIENCE):
        while not ready(found := await read()):  # noqa: ASYNC110  (a row of the database says it, no event does)
            await asyncio.sleep(0.02)
        return found


async def verdict(row: Publication) -> Publication:
    return await until(lambda: Publication.objects.aget(pk=row.pk), lambda found: found.ended_at is not None)


async def test_what_is_wanted_is_published_and_the_lots_are_listed_anew(
    served: Served, fake_pbx: FakePbx, pbx: Pbx
) -> None:
    row = await verdict(await awant(pbx, None, name="Alex"))
    assert (row.state, row.message) == (State.LIVE, "")
    assert "sales" in fake_pbx.running[PARKING]
    async with asyncio.timeout(PATIENCE):
        await served.link.relisted.wait()


async def test_a_failure_of_our_own_is_a_verdict_and_the_bridge_goes_on(
    served: Served, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_args: Any, **_kw: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("lots.publish.apply.read_contents", broken)
        row = await verdict(await awant(pbx, None))
    assert row.state == State.FAILED
    assert "Nothing was changed" in row.message
    assert (await verdict(await awant(pbx, None))).state == State.LIVE
    assert not served.task.done()


async def test_without_an_account_the_administrator_hears_what_is_missing(served: Served, pbx: Pbx) -> None:
    served.bridge.publishing._accounts = None
    row = await verdict(await awant(pbx, None))
    assert row.state == State.FAILED
    assert "ASTERISK_AMI_PUBLISH_URL" in row.message


async def test_drift_is_looked_for_when_asterisk_comes_back_and_when_somebody_asks(
    served: Served, fake_pbx: FakePbx, pbx: Pbx
) -> None:
    await verdict(await awant(pbx, None))
    fake_pbx.files[PARKING].append(("theirs", [("parkpos", "1-2")]))
    await served.come_up()
    assert "+[theirs]\n+parkpos = 1-2\n" in (await drift(pbx, True))[PARKING]
    fake_pbx.files[PARKING].pop()
    await served.bridge.layer.send(bridge_channel(pbx.name), {"type": "compare"})
    assert await drift(pbx, False) == {}


async def test_asterisk_comes_back_at_the_very_end_of_a_publication(
    served: Served, fake_pbx: FakePbx, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wish to compare must outlast the bridge's last look at its publication."""

    async def back_meanwhile(_row: Publication) -> bool:
        fake_pbx.files[PARKING].append(("theirs", [("parkpos", "1-2")]))
        served.bridge.publishing.compare()
        return True

    monkeypatch.setattr(publishing, "ais_live", back_meanwhile)
    await awant(pbx, None)
    assert PARKING in await drift(pbx, True)


async def test_who_presses_compare_now_is_answered_at_once(served: Served, fake_pbx: FakePbx, pbx: Pbx) -> None:
    await verdict(await awant(pbx, None))
    fake_pbx.files[PARKING].append(("theirs", [("parkpos", "1-2")]))
    assert await database_sync_to_async(compare_now)(pbx)
    assert PARKING in await drift(pbx, True)
    row = await Pbx.objects.aget(pk=pbx.pk)
    assert row.drift_checked_at is not None


@pytest.mark.parametrize("file", [EXTENSIONS, PARKING])
async def test_a_file_that_is_right_and_not_included_any_more_is_drift(
    served: Served, fake_pbx: FakePbx, pbx: Pbx, file: str
) -> None:
    """As after an update of the PBX that wrote its own files anew: the numbers are gone with its next reload."""
    await verdict(await awant(pbx, None))
    loaded, stock = fake_pbx._loaded, INCLUDED_BY[file]
    fake_pbx._loaded = lambda name: [] if name == stock else loaded(name)  # type: ignore[method-assign]
    served.bridge.publishing.compare()
    found = await drift(pbx, True)
    assert list(found) == [stock]
    assert f"#tryinclude {file}" in found[stock]


async def test_a_dialplan_that_lost_ours_is_drift_although_the_files_are_right(
    served: Served, fake_pbx: FakePbx, pbx: Pbx
) -> None:
    await verdict(await awant(pbx, None))
    kept = fake_pbx.running[EXTENSIONS]
    fake_pbx.running[EXTENSIONS] = {name: lines for name, lines in kept.items() if name != "parkinglot-sales"}
    served.bridge.publishing.compare()
    found = await drift(pbx, True)
    assert list(found) == [f"{EXTENSIONS} (as loaded)"]
    assert "no context parkinglot-sales" in found[f"{EXTENSIONS} (as loaded)"]
    again = await verdict(await awant(pbx, None))
    assert (again.state, fake_pbx.running[EXTENSIONS]) == (State.LIVE, kept)
    assert await drift(pbx, False) == {}


async def drift(pbx: Pbx, found: bool) -> dict[str, str]:
    return (await until(lambda: Pbx.objects.aget(pk=pbx.pk), lambda row: bool(row.drift) == found)).drift


async def test_a_pbx_that_cannot_be_compared_says_why(served: Served, fake_pbx: FakePbx, pbx: Pbx) -> None:
    await fake_pbx.fake.shut()
    served.bridge.publishing.compare()
    row = await until(lambda: Pbx.objects.aget(pk=pbx.pk), lambda row: bool(row.drift_error))
    assert "127.0.0.1" in row.drift_error


async def test_the_end_of_the_bridge_is_the_end_of_a_publication(served: Served, fake_pbx: FakePbx, pbx: Pbx) -> None:
    fake_pbx.fake.answers["Reload"] = None
    row = await awant(pbx, None)
    await fake_pbx.fake.got("Reload")
    await served.stop()
    row = await Publication.objects.aget(pk=row.pk)
    assert row.state == State.FAILED
    assert "Interrupted" in row.message
    assert (await Pbx.objects.aget(pk=pbx.pk)).publisher == ""


# --- manage.py publish


@pytest.fixture
async def env(fake_pbx: FakePbx, settings: Settings, pbx: Pbx) -> FakePbx:
    """No bridge serves the PBX; the environment names the accounts."""
    settings.ASTERISK_AMI_URL = settings.ASTERISK_AMI_PUBLISH_URL = f"ami://u:s@127.0.0.1:{fake_pbx.fake.port}"
    await Pbx.objects.aupdate(lease_holder="")
    return fake_pbx


async def command(*words: str) -> int:
    """Its exit status."""

    def run() -> int:
        try:
            with pytest.raises(SystemExit) as caught:
                call_command("publish", *words)
            return int(caught.value.code or 0)
        finally:
            connection.close()

    return await asyncio.to_thread(run)  # a thread of its own, as a process would have


async def test_the_command_publishes_by_itself_where_no_bridge_runs(
    env: FakePbx, pbx: Pbx, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command("--check") == 0, "there is no lot, and nothing was ever published"
    assert await command() == 0
    assert "is live" in capsys.readouterr().out
    assert await command("--check") == 0
    await ParkingLot.objects.acreate(pbx=pbx, name="a", label="A", observed=False, first_slot=701, last_slot=704)
    assert await command("--check") == 1
    out = capsys.readouterr().out
    assert "A: New" in out
    assert "+[a]" in out
    assert await command() == 0
    assert "a" in env.running[PARKING]
    first = await Publication.objects.alast()
    assert first
    assert await command("--rollback", str(first.pk)) == 0
    assert "a" not in env.running[PARKING]
    env.files[PARKING].append(("theirs", []))
    assert await command("--check") == 1
    assert f"Not as published: {PARKING}" in capsys.readouterr().out


async def test_the_command_s_refusals(env: FakePbx, pbx: Pbx, settings: Settings, capsys: Any) -> None:
    assert await command("--rollback", "999") == 2
    assert "no publication 999" in capsys.readouterr().err
    env.refuse_reload = lambda file, _content: "An unknown error occurred" if file == PARKING else ""
    assert await command() == 2
    assert "An unknown error occurred" in capsys.readouterr().err
    await Publication.objects.all().adelete()
    settings.ASTERISK_AMI_PUBLISH_URL = ""
    assert await command() == 2
    assert "ASTERISK_AMI_PUBLISH_URL is not set" in capsys.readouterr().err
    assert not await Publication.objects.aexists()


async def test_the_command_leaves_it_to_a_bridge_that_runs(
    served: Served, pbx: Pbx, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.ASTERISK_AMI_PUBLISH_URL = ""
    assert await command() == 0
    assert "is live" in capsys.readouterr().out


async def test_the_files_for_copying_by_hand(pbx: Pbx, tmp_path: Any) -> None:
    await ParkingLot.objects.acreate(pbx=pbx, name="a", label="A", observed=False, first_slot=701, last_slot=704)
    assert await command("--write", str(tmp_path / "new")) == 0
    assert {file.name for file in (tmp_path / "new").iterdir()} == set(FILES)
    assert "[a]\n" in (tmp_path / "new" / PARKING).read_text()
