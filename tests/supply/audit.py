"""Asks a database of known vulnerabilities about everything that is installed: part of ``make check``.

A known one fails. Without a network or a database nothing can be known: that is said, and the check goes on.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.supply.locked import RUN, TEST, TOP

PATIENCE = 120.0
"""Seconds for one file."""


TOOL = TOP / "var" / "tools" / "bin" / "pip-audit"


def audited(file: Path, *more: str) -> list[str] | None:
    """A sentence for each vulnerability; None: nobody could be asked. ``more``: what else the tool is told."""
    command = [str(TOOL), "-r", str(file), "--disable-pip", "--no-deps", "-s", "osv", "-f", "json"]
    command += ["--progress-spinner", "off", *more]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return told(done.stdout)


def told(text: str) -> list[str] | None:
    """What pip-audit found, of its JSON."""
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError:
        return None
    return [
        f"{one['name']} {one['version']}: {bug['id']}, mended in {', '.join(bug['fix_versions']) or 'no version yet'}"
        for one in found["dependencies"]
        for bug in one.get("vulns", [])
    ]


def main() -> int:
    """1 when something is known."""
    found = [audited(file) for file in (RUN, TEST)]
    if None in found:
        print("Known vulnerabilities: no database could be asked (is there a network?); going on without.")
    bad = sorted({line for lines in found for line in lines or []})
    print(*bad, sep="\n", end="\n" if bad else "")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
