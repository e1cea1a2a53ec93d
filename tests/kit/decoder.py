"""A program of this host that also runs inside another root file system: with its libraries beside it."""

import os
import re
import shutil
import subprocess
from pathlib import Path


def carry(program: str, folder: Path, inside: str) -> None:
    """Put ``program`` into ``folder``, which Asterisk knows as ``inside``: a wrapper, the program, all its libraries.

    The wrapper runs this host's own loader, so that the other system's C library does not matter.
    """
    binary = shutil.which(program)
    assert binary, f"{program} is missing: tests/packages installs it"
    store = folder / f"{program}.d"
    store.mkdir(parents=True, exist_ok=True)
    listed = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout
    loader = ""
    for path in {binary, *re.findall(r"(/\S+) \(0x", listed)}:
        _copy(Path(path).resolve(), store / Path(path).name)
        if Path(path).name.startswith("ld-"):
            loader = Path(path).name
    assert loader, listed
    wrapper = folder / program
    there = f"{inside}/{program}.d"
    wrapper.write_text(f'#!/bin/sh\nexec {there}/{loader} --library-path {there} {there}/{program} "$@"\n')
    wrapper.chmod(0o755)


def _copy(file: Path, to: Path) -> None:
    """A link where that works: ffmpeg has 250 MB of libraries."""
    try:
        os.link(file, to)
    except OSError:
        shutil.copy2(file, to)
