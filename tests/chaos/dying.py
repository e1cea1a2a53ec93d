"""``python -m tests.chaos.dying STEP FILE``: the bridge, killed at this very step once FILE exists.

Steps: ``read`` (an event about a parked call was read from Asterisk, nothing done yet), ``uncommitted`` (rows
written, the transaction open), ``committed`` (the transaction done, nobody told), ``told`` (the boards have it).
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from lots.types import events

ABOUT_CALLS = events.Parked | events.Unparked | events.TimedOut | events.GaveUp


def arm(step: str, die: Callable[[], None]) -> None:
    """Put one of the bridge's own steps and a death together. Django must be set up."""
    {"read": _read, "uncommitted": _uncommitted, "committed": _committed, "told": _told}[step](die)


def _read(die: Callable[[], None]) -> None:
    from lots.bridge.service import Bridge

    take_in = Bridge._take_in

    async def dying(self: Bridge, batch: Any) -> None:
        if any(isinstance(event, ABOUT_CALLS) for event in batch):
            die()
        await take_in(self, batch)

    Bridge._take_in = dying  # type: ignore[method-assign]


def _uncommitted(die: Callable[[], None]) -> None:
    from lots.bridge import lease, service

    def dying(pbx: Any, me: str, act: Callable[[], Any]) -> Any:
        def acted() -> Any:
            answer = act()
            if isinstance(answer, list) and _about_slots(answer):
                die()
            return answer

        return lease.fenced(pbx, me, acted)

    service.afenced = service.in_turn(dying)


def _committed(die: Callable[[], None]) -> None:
    from lots.bridge.service import Bridge

    publish = Bridge._publish

    async def dying(self: Bridge, news: Any) -> None:
        if _about_slots(news):
            die()
        await publish(self, news)

    Bridge._publish = dying  # type: ignore[method-assign]


def _told(die: Callable[[], None]) -> None:
    from lots.bridge.service import Bridge

    publish = Bridge._publish

    async def dying(self: Bridge, news: Any) -> None:
        await publish(self, news)
        if _about_slots(news):
            die()

    Bridge._publish = dying  # type: ignore[method-assign]


def _about_slots(news: Any) -> bool:
    return any("slots" in item for item in news)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parkinglot.settings")
    django.setup()
    trigger = Path(sys.argv[2])
    arm(sys.argv[1], lambda: trigger.exists() and os.kill(os.getpid(), signal.SIGKILL))
    from django.core.management import call_command

    call_command("bridge")
