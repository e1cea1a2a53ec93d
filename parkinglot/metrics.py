"""``/metrics`` of a web process, for Prometheus: not there unless a setting says who may ask."""

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

import dashboard.figures  # noqa: F401  (it announces what it knows)
import lots.telemetry.fleet  # noqa: F401  (likewise)
from lots.telemetry.access import Access
from parkinglot.reply import Scope, Send, reply, reply_now

PATH = "/metrics"


async def metrics(access: Access, scope: Scope, send: Send) -> None:
    """Answer one request. A token in the address counts for nothing: addresses are written into logs."""
    client = (scope.get("client") or [""])[0]
    if access.allows(scope["headers"], client):
        await reply_now(send, scope["method"], 200, CONTENT_TYPE_LATEST.encode(), generate_latest())
    else:
        await reply(send, 401, [(b"www-authenticate", b"Bearer"), (b"cache-control", b"no-store")])
