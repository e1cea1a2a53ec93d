"""An Asterisk in a directory of its own, made by debootstrap: nothing of it touches the host."""

import os
import shutil
from contextlib import closing, suppress
from pathlib import Path

from lots.embedded import packages
from lots.embedded.errors import EmbeddedError
from lots.embedded.progress import Say, tell
from lots.embedded.steps import StepError, lines_of, run

SUITES = ("sid", "bullseye")
"""Debian releases that carry Asterisk, best first: 22 and 16."""
NEEDED_MB = 1500
"""Free disk space wanted: 500 MB stay, downloads and unpacking need more for a while."""
SPARE = (
    "var/lib/apt/lists",
    "var/cache/apt/archives",
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
)
"""Not needed to run: about 100 MB."""


def build(target: Path, suite: str, say: Say, lock: int) -> None:
    """Make ``target``, complete or not at all, while ``lock`` is held. Raises EmbeddedError with what to do."""
    _ensure_debootstrap(say)
    partial = target.with_name(f"{target.name}.partial")
    remove(partial)  # of a run that was interrupted
    say(f"Installing Asterisk from Debian {suite} into {target}, about a minute ...")
    try:
        command = ["debootstrap", "--variant=minbase", "--include=asterisk", suite, str(partial)]
        with closing(lines_of(command, held=[lock])) as lines:
            tell(lines, say)
        _shrink(partial)
    except StepError as error:
        remove(partial)
        raise EmbeddedError(
            f"Debian {suite} could not be installed (debootstrap: {error}); "
            "check the network, or set ASTERISK_AMI_URL to use an Asterisk of your own"
        ) from error
    except BaseException:  # Ctrl-C above all
        say("Interrupted; removing what was installed so far ...")
        remove(partial)
        raise
    unmount(partial)
    partial.rename(target)


def remove(folder: Path) -> None:
    """Delete a root file system, but never through something mounted inside it."""
    unmount(folder)
    if folder.exists():
        shutil.rmtree(folder)


def unmount(folder: Path) -> None:
    """Unmount all that debootstrap left mounted below ``folder``, the innermost first."""
    for point in reversed(mounted_below(folder, Path("/proc/self/mountinfo").read_text())):
        try:
            run(["umount", point])
        except StepError:
            with suppress(StepError):  # still busy: take it out of the tree now, let it go when it can
                run(["umount", "--lazy", point])
    left = mounted_below(folder, Path("/proc/self/mountinfo").read_text())
    if left:
        raise EmbeddedError(f"{left[-1]} is still mounted; unmount it by hand (umount {left[-1]}) and start again")


def mounted_below(folder: Path, mountinfo: str) -> list[str]:
    """Mount points inside ``folder``, in the order they were mounted (``proc(5)``: the fifth field)."""
    points = [line.split()[4].replace("\\040", " ") for line in mountinfo.splitlines()]
    return [point for point in points if point.startswith(f"{folder.resolve()}/")]


def check_host(parent: Path) -> None:
    """Raise EmbeddedError when no suite at all could be installed below ``parent``."""
    if not Path("/etc/debian_version").exists():
        raise EmbeddedError(
            "There is no Asterisk on this host and it is not Debian or Ubuntu, so none can be installed by itself; "
            "install Asterisk 16 or newer, or set ASTERISK_AMI_URL to use one elsewhere"
        )
    if os.geteuid() != 0:
        raise EmbeddedError(
            "Installing a private Asterisk needs root; run this as root once, install the package asterisk, "
            "or set ASTERISK_AMI_URL to use one elsewhere"
        )
    parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(parent).free // 1_000_000
    if free < NEEDED_MB:
        raise EmbeddedError(f"Installing Asterisk needs {NEEDED_MB} MB in {parent}, but only {free} MB are free")


def _ensure_debootstrap(say: Say) -> None:
    if shutil.which("debootstrap") is None:
        packages.refresh(say)
        packages.install("debootstrap", say)


def _shrink(root: Path) -> None:
    for name in SPARE:
        folder = root / name
        for entry in folder.iterdir() if folder.is_dir() else ():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
