"""Figures for Prometheus: true, for who may ask, and known to the ready dashboard."""

import asyncio
import json
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from environ import Env
from prometheus_client import REGISTRY, generate_latest

import dashboard.figures
import lots.telemetry.fleet  # noqa: F401
from dashboard.hub import Hub
from lots.bridge.fleet import Fleet
from lots.models import Pbx
from lots.telemetry.access import Access
from lots.telemetry.fleet import fleets
from lots.telemetry.server import listen
from lots.types import events
from parkinglot.env import metrics_access, metrics_port
from parkinglot.front import Front
from tests.kit.pbx_model import START
from tests.kit.portal import BASE
from tests.kit.served import BOB, Served

TOKEN = "a-token-of-some-length"
BEARER = [(b"authorization", f"Bearer {TOKEN}".encode())]
NEAR = (ip_network("10.1.0.0/16"), ip_network("::1"))


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize(
    ("access", "headers", "client", "allowed"),
    [
        (Access(TOKEN), BEARER, "203.0.113.9", True),
        (Access(TOKEN), [(b"Authorization", f"bearer {TOKEN}".encode())], "", True),
        (Access(TOKEN), [], "10.1.0.1", False),
        (Access(TOKEN), [(b"authorization", b"Bearer ")], "", False),
        (Access(TOKEN), [(b"authorization", f"Basic {TOKEN}".encode())], "", False),
        (Access(TOKEN), [*BEARER, (b"authorization", b"Bearer x")], "", False),
        (Access(), [(b"authorization", b"Bearer ")], "", False),
        (Access(networks=NEAR), [], "10.1.2.3", True),
        (Access(networks=NEAR), [], "::ffff:10.1.2.3", True),
        (Access(networks=NEAR), [], "::1", True),
        (Access(networks=NEAR), [], "10.2.0.1", False),
        (Access(networks=NEAR), [], "", False),
        (Access(networks=NEAR), [(b"X-Forwarded-For", b"10.1.2.3")], "10.1.2.3", False),
        (Access(networks=NEAR, behind_proxy=True), [(b"x-forwarded-for", b"10.1.2.3")], "10.1.2.3", True),
        (Access(TOKEN, NEAR), BEARER, "203.0.113.9", True),
    ],
)
def test_who_may_ask(access: Access, headers: Any, client: str, allowed: bool):
    assert access.allows(headers, client) is allowed


async def ask(front: Front, headers: Any = (), query: bytes = b"", method: str = "GET") -> tuple[int, str]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"path": "/metrics", "method": method, "headers": list(headers), "client": ["203.0.113.9", 1]}
    await front({**scope, "query_string": query}, None, send)  # type: ignore[arg-type]
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


def front_of(access: Access) -> Front:
    async def django(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})

    front = Front(django)
    front.access = access
    return front


async def test_off_by_default_and_a_token_in_the_address_opens_nothing():
    assert await ask(front_of(Access()), BEARER) == (404, "")
    front = front_of(Access(TOKEN))
    assert await ask(front) == await ask(front, query=f"token={TOKEN}&access_token={TOKEN}".encode()) == (401, "")
    status, text = await ask(front, BEARER)
    assert status == 200
    assert "# TYPE parkinglot_wait_seconds histogram" in text
    assert (await ask(front, BEARER, method="POST"))[0] == 405


def test_settings_say_what_is_wrong(monkeypatch: pytest.MonkeyPatch):
    for name in ("METRICS_TOKEN", "METRICS_ALLOW", "METRICS_PORT"):
        monkeypatch.delenv(name, raising=False)
    none = metrics_access(Env(), behind_proxy=False)
    assert not none
    assert metrics_port(Env(), none) == 0
    for name, value in (("METRICS_TOKEN", "short"), ("METRICS_TOKEN", "x" * 30 + "\n"), ("METRICS_ALLOW", "everybody")):
        with monkeypatch.context() as now:
            now.setenv(name, value)
            with pytest.raises(ImproperlyConfigured, match=name) as wrong:
                metrics_access(Env(), behind_proxy=False)
            assert name == "METRICS_ALLOW" or value not in str(wrong.value)
    monkeypatch.setenv("METRICS_PORT", "9100")
    with pytest.raises(ImproperlyConfigured, match="who may ask"):
        metrics_port(Env(), none)
    assert metrics_port(Env(), Access(TOKEN)) == 9100
    monkeypatch.setenv("METRICS_PORT", "91000")
    with pytest.raises(ImproperlyConfigured, match="65535"):
        metrics_port(Env(), Access(TOKEN))


@pytest.mark.django_db(transaction=True)
async def test_a_bridge_at_work_counts(served: Served, rita: Any):
    fleet, lost = Fleet(), figure("parkinglot_asterisk_link_losses_total", pbx="main")
    fleet.bridges[1] = served.bridge
    fleets.add(fleet)
    assert figure("parkinglot_bridge_serving", pbx="main") == figure("parkinglot_asterisk_link_up", pbx="main") == 1
    assert figure("parkinglot_parked_calls", pbx="main", lot=BOB.lot) == 1
    assert figure("parkinglot_event_lag_seconds_count", pbx="main") > 0
    assert figure("parkinglot_database_write_seconds_count", pbx="main") > 0

    ended = figure("parkinglot_wait_seconds_count", pbx="main", outcome="abandoned")
    await served.hear(
        events.GaveUp(call=BOB, at=START), events.HungUp(uniqueid=BOB.uniqueid, channel="", cause=16, at=START)
    )
    await served.ear.until("change")
    await served.order("nonsense")
    await served.codes("bad_request")
    await served.retrieve(rita.pk)
    await served.codes("not_parked")
    assert figure("parkinglot_wait_seconds_count", pbx="main", outcome="abandoned") == ended + 1
    assert figure("parkinglot_parked_calls", pbx="main", lot=BOB.lot) == 0
    assert figure("parkinglot_commands_total", pbx="main", kind="retrieve", code="not_parked") >= 1
    assert figure("parkinglot_commands_total", pbx="main", kind="nonsense", code="bad_request") == 0

    await served.hear(events.LinkLost(reason="gone", at=START))
    await served.ear.until("link")
    assert figure("parkinglot_asterisk_link_up", pbx="main") == 0
    await served.come_up()
    assert figure("parkinglot_asterisk_link_losses_total", pbx="main") == lost + 1
    await served.stop()
    assert 'parkinglot_bridge_serving{pbx="main"} 0.0' in generate_latest().decode()
    assert "parkinglot_parked_calls{" not in generate_latest().decode(), "who waits to take over knows nothing"
    assert "Bob" not in generate_latest().decode()


@pytest.mark.django_db(transaction=True)
async def test_a_web_process_counts_its_boards(pbx: Pbx, hub: Hub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dashboard.figures, "running_hub", lambda: hub)
    assert figure("parkinglot_boards_open", kind="board") == 0
    assert REGISTRY.get_sample_value("parkinglot_bridge_silence_seconds", {"pbx": "main"}) is not None


async def test_the_bridge_answers_at_a_door_of_its_own():
    async def said(request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        writer.write_eof()
        answer = await reader.read()
        writer.close()
        return answer

    async with await listen("127.0.0.1", 0, Access(TOKEN)) as server:
        port = server.sockets[0].getsockname()[1]
        head = f"GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode()
        answer = await said(head)
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"parkinglot_commands_total" in answer
        assert (await said(head.replace(b"Bearer a", b"Bearer b"))).startswith(b"HTTP/1.1 401 ")
        assert (await said(b"GET /metrics?token=%s HTTP/1.1\r\n\r\n" % TOKEN.encode())).startswith(b"HTTP/1.1 404 ")
        assert (await said(head.replace(b"GET", b"POST"))).startswith(b"HTTP/1.1 404 ")
        assert await said(b"\x16\x03\x01" + b"x" * 20_000) == b""
        assert (await said(b"GET /healthz/live HTTP/1.1\r\n\r\n")).endswith(b'{"status": "ok"}\n')


async def test_every_query_of_the_ready_dashboard_names_a_figure_there_is():
    known = {line.split()[2] for line in generate_latest().decode().splitlines() if line.startswith("# TYPE")}
    known |= {f"{name}_{part}" for name in known for part in ("bucket", "count", "sum")}
    board = json.loads((Path(BASE) / "docs" / "grafana.json").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    used = {name for query in asked for name in re.findall(r"\b(?:parkinglot|process)_\w+", query)}
    assert len(asked) > 15
    assert used - known == set()
    ours = {
        name for name in known if name.startswith("parkinglot_") and not name.endswith(("_created", "_sum", "_count"))
    }
    plain = {name.removesuffix("_bucket").removesuffix("_count") for name in used}
    assert {name for name in ours if not name.endswith("_bucket")} - plain == set(), "nobody would look at these"
