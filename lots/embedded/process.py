"""A child that never outlives us."""

import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import IO


class Child:
    """A running program, started by a thread of its own.

    The program asks the kernel (enter.py) to be killed when the *thread* that started it ends.
    So that thread does nothing but wait for the program: it lives as long as the program, or as long as we do.
    """

    def __init__(self, command: Sequence[str], output: IO[bytes], environment: dict[str, str]) -> None:
        """Start ``command`` in ``environment``, writing to ``output``. Raises OSError when it cannot be run."""
        self._command = command
        self._output = output
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._error: OSError | None = None
        self._started = threading.Event()
        self._ended = threading.Event()
        threading.Thread(target=self._keep, name="asterisk-keeper", daemon=True).start()
        self._started.wait()
        if self._error is not None:
            raise self._error

    def _keep(self) -> None:
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=self._output,
                env=self._environment,
                umask=0o077,
            )
        except OSError as error:
            self._error = error
            return
        finally:
            self._started.set()
        self._process.wait()
        self._ended.set()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The program itself."""
        assert self._process is not None  # noqa: S101 - __init__ raised otherwise
        return self._process

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return not self._ended.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait up to ``timeout`` seconds for the end; whether it came."""
        return self._ended.wait(timeout)

    def stop(self, patience: float) -> None:
        """SIGTERM, then SIGKILL after ``patience`` seconds; returns when it has ended."""
        with suppress(ProcessLookupError):
            self.process.terminate()
        if not self.wait(patience):
            self.kill()

    def kill(self) -> None:
        """SIGKILL; returns when it has ended."""
        with suppress(ProcessLookupError):
            self.process.kill()
        self.wait()
