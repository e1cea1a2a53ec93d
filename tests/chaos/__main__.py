"""``python -m tests.chaos``: breaks things, and prints what became of board, Asterisk and history each time.

Exits with 1 when history told a wrong ending, something was done twice, or a board did not become true.
"""

import argparse
import json
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path

from tests.chaos.faults import FAULTS
from tests.chaos.report import bad, document, table
from tests.chaos.rounds import Fault, Try, attempt
from tests.chaos.world import World, clock_world, serve_world, split_world

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/chaos.md"


def options(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--only", default="", metavar="WORDS", help="faults whose names have one of these, with commas")
    parser.add_argument("--tries", type=int, default=0, help="how often each (as the fault says)")
    parser.add_argument("--parks", type=int, default=20_000, help="callers of the soak (20000)")
    parser.add_argument("--short", action="store_true", help="a few faults, once each")
    parser.add_argument(
        "--keep", type=Path, metavar="FILE", help="add to what earlier runs left there, and tell of all"
    )
    parser.add_argument("--print", action="store_true", help="do not write docs/chaos.md")
    return parser.parse_args(words)


def chosen(asked: argparse.Namespace) -> list[Fault]:
    """The faults to try."""
    words = [word.strip().lower() for word in asked.only.split(",") if word.strip()]
    found = [fault for fault in FAULTS if fault.short or not asked.short]
    return [fault for fault in found if not words or any(word in fault.name.lower() for word in words)]


def world_of(form: str, folder: Path) -> AbstractContextManager[World]:
    """A fresh one."""
    return {"serve": serve_world, "split": split_world, "clock": clock_world}[form](folder)


def run(faults: Sequence[Fault], tries: int, parks: int) -> list[Try]:
    """All tries; a world is kept while it works."""
    found: list[Try] = []
    for form in ("serve", "clock", "split"):
        todo = [(fault, number) for fault in faults if fault.form == form for number in range(tries or fault.tries)]
        while todo:
            with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
                with world_of(form, Path(folder)) as world:
                    world.parks = parks
                    while todo:
                        fault, _ = todo.pop(0)
                        found.append(one(world, fault))
                        if found[-1].note.startswith("script:"):
                            print(world.portal.logs()[-3000:], file=sys.stderr)
                            break
    return found


def one(world: World, fault: Fault) -> Try:
    """One try; a script that could not go on is a finding too."""
    try:
        result = attempt(world, fault)
    except Exception as error:  # noqa: BLE001  (whatever it was, the other faults are to be tried)
        traceback.print_exc()
        result = Try(fault.name, missing=1, note=f"script: {error}"[:200])
    said = [f"{result.seconds:.1f} s", *result.wrong, *result.doubled, result.note]
    print(f"{fault.name}: {'; '.join(filter(None, said))}", file=sys.stderr, flush=True)
    return result


def kept(file: Path, new: list[Try]) -> list[Try]:
    """All tries of all runs with this file, by fault in the order they are told in."""
    old = [Try(**line) for line in json.loads(file.read_text(encoding="utf-8"))] if file.exists() else []
    file.write_text(json.dumps([asdict(one) for one in (*old, *new)], indent=1) + "\n", encoding="utf-8")
    order = [fault.name for fault in FAULTS]
    return sorted((one for one in (*old, *new) if one.fault in order), key=lambda one: order.index(one.fault))


def main() -> int:
    """The exit status."""
    asked = options()
    found = run(chosen(asked), 1 if asked.short else asked.tries, asked.parks)
    if asked.keep:
        found = kept(asked.keep, found)
    print(table(found))
    if not asked.print and not asked.short and (asked.keep or not asked.only):
        DOCUMENT.write_text(document(found), encoding="utf-8")
    return 1 if bad(found) else 0


if __name__ == "__main__":
    sys.exit(main())
