"""A process that gets a signal ends: in order, or by force, whatever it is stuck in."""

import signal
import subprocess
import sys

import pytest

SCRIPT = """
import asyncio, os, time
from lots import ending
ending.LAST_RESORT = ending.FORCE = 0.5

def full(fd):
    "Nobody reads: the next word to it waits for ever."
    os.set_blocking(fd, False)
    try:
        while True: os.write(fd, b" " * 65536)
    except BlockingIOError:
        os.set_blocking(fd, True)

class Last:
    "The interpreter ends, and this holds it."
    def __del__(self): stuck()

def stuck(): time.sleep(60)

async def main():
    over = asyncio.Event()
    ending.end_at_signal(asyncio.get_running_loop(), over.set)
    print("ready", flush=True)
    {how}
    await over.wait()
    {then}

asyncio.run(main())
{after}
"""


def ended(number: int, how: str = "pass", then: str = "pass", after: str = "pass") -> tuple[int, str]:
    """Exit status and what was said of a process that got the signal ``number``."""
    script = SCRIPT.replace("{how}", how).replace("{then}", then).replace("{after}", after)
    process = subprocess.Popen(
        [sys.executable, "-c", script], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    if how != "pass":  # people press it again where nothing happens
        process.send_signal(number)
    status = process.wait(60)
    assert process.stderr is not None
    return status, process.stderr.read()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_order_and_says_nothing(number: int) -> None:
    assert ended(number) == (0, "")


@pytest.mark.parametrize(
    "stuck", [{"how": "stuck()"}, {"then": "stuck()"}, {"after": "last = Last()"}], ids=["loop", "end", "interpreter"]
)
def test_it_says_what_it_is_stuck_in(stuck: dict[str, str]) -> None:
    status, said = ended(signal.SIGTERM, **stuck)
    assert status == 1
    assert "in stuck" in said


def test_not_even_a_standard_error_that_nobody_reads_keeps_it() -> None:
    status, _ = ended(signal.SIGINT, then="full(2); stuck()")
    assert status == -signal.SIGALRM
