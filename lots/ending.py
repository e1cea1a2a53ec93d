"""The end of a process at a signal: in order if it can, by force if it cannot."""

import asyncio
import faulthandler
import signal
from collections.abc import Callable

LAST_RESORT = 10.0
"""Seconds after the signal after which the process says where it stands, and ends whatever still runs."""
FORCE = 1.0
"""Seconds later it ends without a word: not even its standard error takes what it says."""


def end_at_signal(loop: asyncio.AbstractEventLoop, stop: Callable[[], object]) -> None:
    """Call ``stop`` in ``loop`` at SIGINT and SIGTERM; the last resort counts from there though the loop be stuck.

    To be called in the main thread.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
        signal.signal(number, lambda *_: arm_last_resort())  # the loop hears of it all the same, by its wakeup file


def arm_last_resort() -> None:
    """End the process in ``LAST_RESORT`` seconds unless it has ended by then; a second call changes nothing.

    Nothing of it needs the interpreter: neither a thread that holds it nor its own end can keep the process.
    """
    if not any(signal.getitimer(signal.ITIMER_REAL)):
        signal.setitimer(signal.ITIMER_REAL, LAST_RESORT + FORCE)
        faulthandler.dump_traceback_later(LAST_RESORT, exit=True)
