"""``manage.py bridge``: the bridge alone, beside web processes that share its database and Redis."""

import asyncio
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand

from lots.bridge.service import Bridge
from lots.bridge.start import CannotStart, address, ami_url, knock, publish_address, the_pbx


class Command(BaseCommand):
    help = "Join Asterisk, the database and the boards. A second one waits and takes over when the first ends."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            where = address(ami_url())
            bridge = Bridge(the_pbx(), where, publish=publish_address())
            if trouble := asyncio.run(knock(where)):
                self.stderr.write(f"{trouble} Trying on; the boards say so meanwhile.")
            asyncio.run(_run(bridge))
        except CannotStart as error:
            sys.exit(f"parkinglot: {error}")


async def _run(bridge: Bridge) -> None:
    task = asyncio.create_task(bridge.run(), name="bridge")
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    await asyncio.wait([task])
    if not task.cancelled() and (error := task.exception()):
        raise error
