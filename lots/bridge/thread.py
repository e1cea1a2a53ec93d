"""The thread in which the bridge uses the database.

All boards of a process share one thread for what they ask (Channels), and where the bridge runs beside them a busy desk
would hold up what is written of calls. In one thread of its own, everything is still written in turn.
"""

from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from channels.db import DatabaseSyncToAsync

P = ParamSpec("P")
R = TypeVar("R")

_IN_TURN = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bridge")


def in_turn(act: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """``act``, to be awaited; connections are tidied up around each use."""
    used: Callable[P, Coroutine[Any, Any, R]] = DatabaseSyncToAsync(act, thread_sensitive=False, executor=_IN_TURN)
    return used
