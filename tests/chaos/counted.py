"""``python -m tests.chaos.counted COMMAND``: manage.py, which writes its asyncio tasks into VAR_DIR at SIGUSR1."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path

FILE = "tasks.json"


def count(*_: object) -> None:
    """Runs in the event loop's own thread. Names with numbers in them count as one."""
    names = Counter(getattr(task.get_coro(), "__qualname__", "?") for task in asyncio.all_tasks())
    part = Path(os.environ["VAR_DIR"], f"{FILE}.part")
    part.write_text(json.dumps(names), encoding="utf-8")
    part.rename(part.with_suffix(""))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parkinglot.settings")
    signal.signal(signal.SIGUSR1, count)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *sys.argv[1:]])
