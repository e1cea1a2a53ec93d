"""Running the programs of an installation, line by line, and ending them properly."""

import os
import signal
import subprocess
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import suppress

from lots.embedded.errors import EmbeddedError

GRACE_SECONDS = 10.0
"""How long an interrupted program may take to tidy up."""


class StepError(EmbeddedError):
    """A program failed; the message is the last thing it said."""


def lines_of(command: Sequence[str], held: Sequence[int] = ()) -> Generator[str]:
    """What ``command`` prints, as it prints it. Raises StepError when it fails or cannot be run.

    ``held`` are open files it inherits: a lock on one lasts until the last of its programs has ended, even
    when we are killed. Closing the iterator early, or an exception here (Ctrl-C), ends the program and all it started.
    """
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
            pass_fds=held,
            start_new_session=True,  # Ctrl-C is for us; we pass it on below
        )
    except OSError as error:
        raise StepError(f"{command[0]} cannot be run: {error}") from error
    last: deque[str] = deque(maxlen=1)
    try:
        for line in process.stdout or ():
            if line.strip():
                last.append(line.strip())
            yield line.rstrip("\n")
        if process.wait() != 0:
            raise StepError(last[0] if last else f"{command[0]} failed without a word")
    finally:
        _end(process)


def run(command: Sequence[str]) -> str:
    """All that ``command`` printed. Raises StepError when it fails."""
    return "\n".join(lines_of(command))


def _end(process: subprocess.Popen[str]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, sign)
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE_SECONDS)
    if process.stdout is not None:
        process.stdout.close()
