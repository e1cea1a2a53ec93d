"""Getting an Asterisk: the host's own, the distribution's package, or one in a directory of its own."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lots.embedded import packages, rootfs
from lots.embedded.errors import EmbeddedError
from lots.embedded.installation import Installation
from lots.embedded.progress import Say
from lots.embedded.steps import StepError, run

OLDEST = 16
"""First version with ``PARK_GET_CHANNEL``, which the guard of a click needs."""
BINARY = "/usr/sbin/asterisk"


def ensure_asterisk(var_dir: Path, *, suite: str | None = None, say: Say) -> Installation:
    """Find or install an Asterisk; ``suite`` ("sid", "bullseye": setting EMBEDDED_SUITE) forces one in ``var_dir``.

    May take a minute the first time and tells ``say`` what it does. Raises EmbeddedError with what to do instead.
    """
    if suite is not None and suite not in rootfs.SUITES:
        raise EmbeddedError(f"EMBEDDED_SUITE is {suite!r}; choose one of {', '.join(rootfs.SUITES)}, or leave it empty")
    folder = var_dir.absolute() / "rootfs"
    if suite is not None:
        return _in_directory(folder, (suite,), say)
    return (
        on_host()
        or _installed(folder, rootfs.SUITES)
        or _from_package(say)
        or _in_directory(folder, rootfs.SUITES, say)
    )


def on_host() -> Installation | None:
    """The Asterisk on the PATH, when it is new enough."""
    binary = shutil.which("asterisk") or shutil.which("asterisk", path="/usr/sbin:/usr/local/sbin")
    if binary is None:
        return None
    try:
        version = version_in(run([binary, "-V"]))
    except StepError:
        return None
    new_enough = version and int(version.split(".")[0]) >= OLDEST
    return Installation(binary=binary, version=version) if new_enough else None


def version_in(text: str) -> str:
    """``22.10.1`` from ``Asterisk 22.10.1+dfsg...``; "" when there is none (a build from git, say)."""
    found = re.search(r"Asterisk (?:certified[-/])?(\d+(?:\.\d+)*)", text)
    return found[1] if found else ""


def _from_package(say: Say) -> Installation | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    packages.refresh(say)
    if not packages.has_candidate("asterisk"):
        return None
    packages.install("asterisk", say)
    return on_host()


def _in_directory(folder: Path, suites: tuple[str, ...], say: Say) -> Installation:
    found = _installed(folder, suites)
    if found is not None:
        return found
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / "lock", say) as lock:
        return _installed(folder, suites) or _build_one(folder, suites, say, lock)


def _build_one(folder: Path, suites: tuple[str, ...], say: Say, lock: int) -> Installation:
    """The first suite that can be built. Raises the last one's EmbeddedError."""
    rootfs.check_host(folder)
    *better, last = suites
    for suite in better:
        try:
            rootfs.build(folder / suite, suite, say, lock)
        except EmbeddedError as error:
            say(f"{error}. Trying Debian {last} instead.")
        else:
            return _opened(folder / suite)
    rootfs.build(folder / last, last, say, lock)
    return _opened(folder / last)


def _installed(folder: Path, suites: tuple[str, ...]) -> Installation | None:
    """A root file system made earlier; entering it takes root."""
    ready = [folder / suite for suite in suites if (folder / suite).is_dir()]
    return _opened(ready[0]) if ready and os.geteuid() == 0 else None


def _opened(root: Path) -> Installation:
    try:
        version = version_in(run(["chroot", str(root), BINARY, "-V"]))
    except StepError as error:
        raise EmbeddedError(
            f"The Asterisk in {root} does not run ({error}); remove that directory and start again"
        ) from error
    return Installation(binary=BINARY, version=version, root=root)


@contextmanager
def _alone(lock: Path, say: Say) -> Iterator[int]:
    """One installation at a time; the second start waits, and says so. The lock's file descriptor."""
    with lock.open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is installing Asterisk; waiting for it ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()
