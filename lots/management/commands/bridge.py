"""``manage.py bridge``: the bridge alone, beside web processes that share its database and Redis."""

import asyncio
import sys
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from lots.bridge.fleet import Fleet, posts
from lots.bridge.start import check_environment, must_be_named, try_out
from lots.ending import end_at_signal
from lots.publish.accounts import CannotStart
from lots.telemetry.server import listen


class Command(BaseCommand):
    help = "Join Asterisk, the database and the boards. A second one waits and takes over when the first ends."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            must_be_named()
            check_environment()
            for pbx, post in posts().values():
                if trouble := asyncio.run(try_out(pbx, post.watch)):
                    self.stderr.write(f"{trouble} Trying on; the boards say so meanwhile.")
            asyncio.run(_run(Fleet()))
        except CannotStart as error:
            sys.exit(f"parkinglot: {error}")


async def _run(bridges: Fleet) -> None:
    async with await _metrics() if settings.METRICS_PORT else nullcontext():
        await _serve(bridges)


async def _metrics() -> asyncio.Server:
    where = f"{settings.METRICS_BIND}:{settings.METRICS_PORT}"
    try:
        return await listen(settings.METRICS_BIND, settings.METRICS_PORT, settings.METRICS_ACCESS)
    except OSError as error:
        raise CannotStart(f"Cannot listen on {where}: {error.strerror}. Set another METRICS_PORT.") from error


async def _serve(bridges: Fleet) -> None:
    task = asyncio.create_task(bridges.run(), name="bridges")
    end_at_signal(asyncio.get_running_loop(), task.cancel)
    await asyncio.wait([task])
    if not task.cancelled() and (error := task.exception()):
        raise error
