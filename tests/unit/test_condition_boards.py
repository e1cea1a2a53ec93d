"""The status page counts boards wherever they are open."""

import pytest
from pytest_django import Settings

from dashboard.condition import boards
from dashboard.condition.boards import open_now
from dashboard.hub import Hub
from lots.models import Pbx
from tests.kit.hub_pages import database, joined

pytestmark = database


async def test_boards_of_all_web_processes_are_counted(pbx: Pbx, hub: Hub, settings: Settings) -> None:
    settings.REDIS_URL = "redis://somewhere"
    other = Hub()
    await other.start()
    for where in (hub, hub, other):
        await joined(where)
    assert await open_now() == (3, 0)
    await other.stop(4012)
    assert await open_now() == (2, 0), "one that has ended does not answer"


async def test_one_process_alone_asks_nobody(
    pbx: Pbx, hub: Hub, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = ""
    assert await open_now() == (0, 0)
    monkeypatch.setattr(boards, "running_hub", lambda: hub)
    await joined(hub)
    assert await open_now() == (1, 0)
