"""``/healthz`` of a bridge: what it says in each state, and with which code."""

import json
from collections.abc import Iterator

import pytest
from django.db import OperationalError

from lots.bridge import fleet as fleets_of_bridges
from lots.bridge import service
from lots.bridge.fleet import Fleet
from lots.telemetry.fleet import fleets
from lots.telemetry.health import PATHS, health
from lots.types import events
from tests.kit.pbx_model import START
from tests.kit.served import Served

pytestmark = pytest.mark.django_db(transaction=True)
WELL = {"database": "ok", "bridge": "ok", "asterisk": "ok"}


@pytest.fixture
def fleet(served: Served) -> Iterator[Fleet]:
    """Of one bridge, which serves and hears."""
    fleet = Fleet()
    fleet.bridges[1], fleet.has_looked = served.bridge, True
    fleets.add(fleet)
    yield fleet
    fleets.discard(fleet)


def said() -> tuple[list[int], dict[str, str]]:
    """Which addresses are well, and the checks."""
    assert health("/healthz/live") == (True, b'{"status": "ok"}\n')
    assert health("/healthz") == health("/healthz/ready")
    ready, everything = health("/healthz"), health("/healthz/all")
    assert ready[1] == everything[1]
    return [ready[0], everything[0]], json.loads(ready[1])["checks"]


async def test_all_is_well(fleet: Fleet) -> None:
    assert said() == ([True, True], WELL)
    assert json.loads(health("/healthz")[1])["status"] == "ok"
    assert set(PATHS) == {"/healthz", "/healthz/ready", "/healthz/live", "/healthz/all"}


async def test_an_asterisk_that_is_not_heard_is_no_fault_of_the_bridge(fleet: Fleet, served: Served) -> None:
    await served.hear(events.LinkLost(reason="cut by 192.0.2.1", at=START))
    await served.ear.until("link")
    assert said() == ([True, False], {**WELL, "asterisk": "lost"})
    assert b"192.0.2.1" not in health("/healthz/all")[1]


async def test_who_waits_to_take_over_is_well(fleet: Fleet, served: Served) -> None:
    await served.stop()
    assert said() == ([True, True], {**WELL, "bridge": "standby"})


async def test_a_fleet_that_has_not_looked_yet_is_starting(fleet: Fleet) -> None:
    fleet.has_looked = False
    assert said() == ([False, False], {"database": "unknown", "bridge": "starting", "asterisk": "unknown"})
    fleets.discard(fleet)
    assert said()[1]["bridge"] == "starting"


@pytest.mark.parametrize("who", ["fleet", "bridge"])
async def test_a_database_that_does_not_answer(
    fleet: Fleet, served: Served, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    async def broken(*_: object) -> None:
        raise OperationalError

    with monkeypatch.context() as now:
        if who == "fleet":
            now.setattr(fleets_of_bridges, "aposts", broken)
            await fleet._look()
        else:
            now.setattr(service, "atake", broken)
            with pytest.raises(OperationalError):
                await served.bridge._take_lease()
        assert said() == ([False, False], {**WELL, "database": "unreachable"})
    await served.bridge._take_lease()
    if who == "bridge":
        assert said() == ([True, True], WELL)
