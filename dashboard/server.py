"""daphne and what runs beside it, in one process and one event loop, with an orderly end.

Stock daphne forgets in-flight requests and open sockets at SIGTERM and exits 0 when its port is taken; the order of
the steps here was found by trying (docs/design.md 4).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

import daphne.server
from daphne.endpoints import build_endpoint_description_strings
from django.db import connections
from twisted.internet import reactor

from dashboard.hub import hub
from dashboard.messages import CloseCode
from lots.ending import arm_last_resort, end_at_signal

log = logging.getLogger(__name__)

DRAIN = 1.0
"""Seconds that the bridge gets to log off, and then requests in flight to finish."""
EX_SOFTWARE = 70
EX_PORT_TAKEN = 98


class InFlight:
    """Counts HTTP requests being answered."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self.application = application
        self.count = 0
        self.none = asyncio.Event()
        self.none.set()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Pass on, counting."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        self.count += 1
        self.none.clear()
        try:
            await self.application(scope, receive, send)
        finally:
            self.count -= 1
            if not self.count:
                self.none.set()


class Server(daphne.server.Server):  # type: ignore[misc]  # daphne has no types
    """daphne that keeps its ports, so that it can stop listening, and runs ``beside`` with it."""

    def __init__(self, application: Any, bind: str, port: int, beside: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self.in_flight = InFlight(application)
        self.ports: list[Any] = []
        self.beside = beside
        self.exit_code = 0
        self._stopping: asyncio.Task[None] | None = None
        self._beside: asyncio.Task[None]
        super().__init__(
            application=self.in_flight,
            endpoints=build_endpoint_description_strings(host=bind, port=port),
            signal_handlers=False,
            ready_callable=self._ready,
            websocket_timeout=-1,
            http_timeout=60,
            server_name="parkinglot",
        )

    def listen_success(self, port: Any) -> None:
        """Keep the port."""
        self.ports.append(port)
        super().listen_success(port)

    def listen_error(self, failure: Any) -> None:
        """Stock daphne would end with status 0."""
        log.critical("Cannot listen: %s", failure.getErrorMessage())
        self.exit_code = EX_PORT_TAKEN
        self.stop()

    def serve(self) -> int:
        """Run until SIGINT or SIGTERM. Returns the exit status."""
        self.run()
        self._clean_up()
        return self.exit_code

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The one event loop."""
        loop: asyncio.AbstractEventLoop = reactor._asyncioEventloop  # noqa: SLF001  (daphne's way in)
        return loop

    def _ready(self) -> None:
        end_at_signal(self.loop, partial(self.begin_stop, 0))
        self._beside = self.loop.create_task(self.beside(), name="beside")
        self._beside.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if self._stopping is None and not task.cancelled():
            log.critical("The bridge ended unexpectedly.", exc_info=task.exception())
            self.begin_stop(EX_SOFTWARE)

    def begin_stop(self, exit_code: int) -> None:
        """Begin to stop; a second call changes nothing."""
        if self._stopping is None:
            self.exit_code = exit_code
            self._stopping = self.loop.create_task(self._stop(), name="stop")

    async def _stop(self) -> None:
        arm_last_resort()
        for port in self.ports:
            await port.stopListening().asFuture(self.loop)
        await (await hub()).stop(CloseCode.GOING_DOWN)
        self._beside.cancel()
        await asyncio.wait([self._beside], timeout=DRAIN)
        try:
            async with asyncio.timeout(DRAIN):
                await self.in_flight.none.wait()
        except TimeoutError:
            log.warning("%d requests did not finish in time.", self.in_flight.count)
        self.stop()

    def _clean_up(self) -> None:
        left = asyncio.all_tasks(self.loop)
        for task in left:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        connections.close_all()
