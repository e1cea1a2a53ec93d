"""``/healthz``: true, cheap, and nothing for strangers."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dashboard import hub as hubs
from dashboard.hub import Hub
from dashboard.links import SILENT_AFTER, Known
from lots.models import Pbx
from parkinglot import health
from parkinglot.front import Front
from parkinglot.health import Health, look_at_database, look_at_layer

WELL = {"database": "ok", "channel_layer": "ok", "bridge": "ok", "asterisk": "ok"}


async def ask(one: Callable[..., Any], path: str, method: str = "GET") -> tuple[int, dict[str, Any]]:
    """Status, and what was said."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await one(path, method, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], json.loads(body) if body else {}


def health_of(row: Any, layer: str = "ok") -> Health:
    async def database() -> Any:
        return row

    async def redis() -> str:
        return layer

    return Health(database, redis)


@pytest.mark.parametrize(
    ("row", "layer", "checks", "ready", "everything", "status"),
    [
        ((True, "hearing"), "ok", {}, 200, 200, "ok"),
        ((True, "lost"), "ok", {"asterisk": "lost"}, 200, 503, "degraded"),
        ((True, "refused"), "ok", {"asterisk": "refused"}, 200, 503, "degraded"),
        ((False, "hearing"), "ok", {"bridge": "silent", "asterisk": "unknown"}, 200, 503, "degraded"),
        ((True, "hearing"), "unreachable", {"channel_layer": "unreachable"}, 503, 503, "unavailable"),
        ("unreachable", "ok", {"database": "unreachable", "bridge": "unknown", "asterisk": "unknown"}, 503, 503, ""),
        ("not migrated", "ok", {"database": "not migrated", "bridge": "unknown", "asterisk": "unknown"}, 503, 503, ""),
    ],
)
async def test_each_thing_that_is_amiss_is_named_and_has_its_code(
    row: Any, layer: str, checks: dict[str, str], ready: int, everything: int, status: str
):
    one = health_of(row, layer)
    expected = {"status": status or "unavailable", "checks": {**WELL, **checks}}
    assert await ask(one, "/healthz") == await ask(one, "/healthz/ready") == (ready, expected)
    assert await ask(one, "/healthz/all") == (everything, expected)
    assert await ask(one, "/healthz/live") == (200, {"status": "ok"})


async def test_a_storm_of_questions_is_one_look():
    looks = 0
    seen = asyncio.Event()

    async def database() -> Any:
        nonlocal looks
        looks += 1
        await seen.wait()
        return True, "hearing"

    one = Health(database, health_of(None)._layer)
    asked = [asyncio.create_task(ask(one, "/healthz")) for _ in range(200)]
    await asyncio.sleep(0)
    asked[0].cancel()
    seen.set()
    answers = await asyncio.gather(*asked[1:])
    assert {status for status, _ in answers} == {200}
    await ask(one, "/healthz")
    assert looks == 1


async def test_what_hangs_is_said_to_be_unreachable_and_not_asked_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "PATIENCE", 0.01)
    monkeypatch.setattr(health, "FRESH", 0.0)
    asked = 0

    async def database() -> Any:
        nonlocal asked
        asked += 1
        await asyncio.Event().wait()

    one = Health(database, health_of(None)._layer)
    for _ in range(3):
        status, said = await ask(one, "/healthz")
        assert (status, said["checks"]["database"]) == (503, "unreachable")
        assert await ask(one, "/healthz/live") == (200, {"status": "ok"})
    assert asked == 1


async def test_only_reading_is_understood():
    one = health_of((True, "hearing"))
    assert await ask(one, "/healthz", "HEAD") == (200, {})
    assert (await ask(one, "/healthz", "POST"))[0] == 405


@pytest.mark.django_db(transaction=True)
async def test_the_database_tells_of_bridge_and_link(pbx: Pbx):
    assert await look_at_database() == (True, "hearing")
    await Pbx.objects.aupdate(lease_until=timezone.now() - timedelta(seconds=1), link_state="lost")
    assert await look_at_database() == (False, "lost")
    await Pbx.objects.acreate(name="other", lease_until=timezone.now() + timedelta(hours=1), link_state="hearing")
    assert await look_at_database() == (False, "lost"), "one of two is enough"
    await Pbx.objects.filter(name="main").aupdate(active=False)
    assert await look_at_database() == (True, "hearing")
    await Pbx.objects.all().adelete()
    assert await look_at_database() == (False, "")


async def test_a_redis_that_is_not_there_is_unreachable(settings: Any):
    assert await look_at_layer() == "ok"
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    one = Health(health_of((True, "hearing"))._database, look_at_layer)
    status, said = await ask(one, "/healthz")
    assert (status, said["checks"]["channel_layer"]) == (503, "unreachable")
    assert "127.0.0.1" not in json.dumps(said)


async def test_a_bridge_that_lives_but_is_not_heard_here_is_silent(monkeypatch: pytest.MonkeyPatch):
    deaf = Hub()
    deaf.channel = "hub"
    known = Known("main", "main", {"state": "hearing", "since": 0, "reason": ""}, heard=-SILENT_AFTER)
    deaf.replica.links.known[1] = known
    monkeypatch.setitem(hubs._hubs, asyncio.get_running_loop(), deaf)
    assert (await ask(health_of((True, "hearing")), "/healthz"))[1]["checks"]["bridge"] == "silent"
    deaf.replica.links.hear(1)
    assert (await ask(health_of((True, "hearing")), "/healthz"))[1]["checks"]["bridge"] == "ok"


async def test_it_is_answered_before_django():
    async def django(*_: Any) -> None:
        raise AssertionError

    front = Front(django)
    front.health = health_of((True, "hearing"))
    assert (await ask(lambda path, method, send: front({"path": path, "method": method}, None, send), "/healthz"))[
        0
    ] == 200  # type: ignore[arg-type]
