"""``python -m tests.bench``: one run, a table on stdout. Exits with 1 only when something did not arrive or start."""

import argparse
import asyncio
import json
import logging
import resource
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.cases import floor, ours, stock
from tests.bench.measure import Result, everything
from tests.bench.processes import Failed
from tests.bench.report import as_json, table

EX_INTERRUPTED = 130


def options(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--boards", default="", help="numbers of open boards, with commas (1,100,1000)")
    parser.add_argument("--events", type=int, default=0, help="measured events for each case and number (30)")
    parser.add_argument("--quick", action="store_true", help="1 and 100 boards, 6 events: whether it works at all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured there")
    chosen = parser.parse_args(words)
    chosen.boards = [int(word) for word in (chosen.boards or ("1,100" if chosen.quick else "1,100,1000")).split(",")]
    chosen.events = chosen.events or (6 if chosen.quick else 30)
    if min([*chosen.boards, chosen.events]) < 1:
        parser.error("boards and events are numbers from 1 on")
    return chosen


def say(sentence: str) -> None:
    """What goes on, for whoever waits."""
    print(sentence, file=sys.stderr, flush=True)


def allow_sockets() -> None:
    """As many files as this user may open; every process started from here inherits it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def run(chosen: argparse.Namespace) -> Result:
    """Start everything, measure, end everything."""
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parkinglot-bench-")))
        say("Starting the portal and what it is compared with")
        cases = [await stack.enter_async_context(case(folder)) for case in (floor, ours, stock)]
        return await everything(cases, chosen.boards, chosen.events, 2 if chosen.quick else 5, say)


def main() -> int:
    """The exit status."""
    chosen = options()
    allow_sockets()
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns when the portal hangs up on the fake Asterisk
    try:
        result = asyncio.run(run(chosen))
    except Failed as failed:
        say(str(failed))
        return 1
    except asyncio.CancelledError:
        say("Interrupted; everything is ended.")
        return EX_INTERRUPTED
    print(table(result))
    if chosen.json:
        chosen.json.write_text(json.dumps(as_json(result), indent=1) + "\n", encoding="utf-8")
    say(f"Measured in {result.seconds:.0f} seconds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
