"""``manage.py publish``: what the admin's button does, from a shell."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lots.ami import AmiClient, AmiError
from lots.config.clash import Clash
from lots.config.gate import UnsafeValue
from lots.config.render import render
from lots.config.setup import Setup
from lots.management.one_pbx import add_pbx, chosen
from lots.models import Pbx, Publication
from lots.publish import drift
from lots.publish.accounts import Accounts, CannotStart, accounts, where_set
from lots.publish.afterwards import fetch_recordings
from lots.publish.live import live_problems
from lots.publish.lock import Busy
from lots.publish.publications import UNDER_WAY, CannotPublish, State, is_served, make, pending, progress
from lots.publish.publisher import publish
from lots.publish.setup import setup_of

NOTHING, CHANGES, CANNOT = 0, 1, 2
AUTHOR = "manage.py publish"
LOOK = 0.3
"""Seconds between two looks at how it goes."""


class Command(BaseCommand):
    help = "Publish the parking lots to Asterisk, proven to run there; or bring an older publication back."

    def add_arguments(self, parser: CommandParser) -> None:
        add_pbx(parser)
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--check", action="store_true", help="only say what would change (exit 1), or nothing (0)")
        one.add_argument("--write", metavar="DIR", type=Path, help="write the three files there, for copying by hand")
        one.add_argument("--rollback", metavar="N", type=int, help="publish again what publication N had")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            sys.exit(self._do(chosen(options), options))
        except (CannotStart, CannotPublish, UnsafeValue, AmiError, OSError) as error:
            self.stderr.write(f"parkinglot: {error}")
            sys.exit(CANNOT)
        except Busy as error:
            self.stderr.write(f"parkinglot: {error} is publishing at this moment. Try again when that is done.")
            sys.exit(CANNOT)

    def _do(self, pbx: Pbx, options: dict[str, Any]) -> int:
        if options["write"]:
            return self._write(pbx, options["write"])
        if options["check"]:
            return self._check(pbx)
        return self._publish(pbx, options["rollback"])

    def _write(self, pbx: Pbx, folder: Path) -> int:
        folder.mkdir(parents=True, exist_ok=True)
        for name, file in render(setup_of(pbx)).items():
            (folder / name).write_text(file.text, encoding="utf-8")
            self.stdout.write(str(folder / name))
        return NOTHING

    def _check(self, pbx: Pbx) -> int:
        """Not published yet, or not as published: both are changes."""
        now = pending(pbx)
        for problem in now.problems:
            self.stderr.write(problem)
        if now.problems:
            return CANNOT
        both = _accounts(pbx)
        if now and (clashes := asyncio.run(_clashes(both, setup_of(pbx), pbx))):
            for clash in clashes:
                self.stderr.write(clash.sentence)
            return CANNOT
        for change in now.changes:
            self.stdout.write(change.sentence)
        found = asyncio.run(drift.look(pbx, both))
        for name in found:
            self.stdout.write(f"Not as published: {name}")
        for text in (*now.diffs.values(), *found.values()):
            self.stdout.write(text)
        return CHANGES if now or found else NOTHING

    def _publish(self, pbx: Pbx, number: int | None) -> int:
        older = None
        if number is not None and not (older := pbx.publications.filter(pk=number).first()):
            raise CannotPublish(f"There is no publication {number}.")
        served = is_served(pbx)
        both = None if served else _accounts(pbx)  # before anything is written
        row = make(pbx, None, older, name=AUTHOR)
        for sentence in row.summary:
            self.stdout.write(sentence)
        if both:
            try:
                asyncio.run(_run(row, both))
            except Busy:
                row.delete()  # it was never begun
                raise
        return self._follow(row)

    def _follow(self, row: Publication) -> int:
        """Until the bridge, or we, have done it."""
        said = ""
        while (now := progress(row))["state"] in UNDER_WAY:
            text = f"{now['step']} {now['done']}/{now['total']}" if now["total"] else now["step"]
            if text and text != said:
                said = text
                self.stdout.write(text)
            time.sleep(LOOK)
        if now["state"] == State.LIVE:
            self.stdout.write(f"Publication {row.pk} is live. {now['message']}".rstrip())
            return NOTHING
        self.stderr.write(f"Publication {row.pk}: {row.get_state_display()}. {now['message']}")
        return CANNOT


async def _clashes(both: Accounts, setup: Setup, pbx: Pbx) -> tuple[Clash, ...]:
    """With what the PBX has besides."""
    async with AmiClient(both.publish) as ami:
        return await live_problems(ami, setup, pbx)


async def _run(row: Publication, both: Accounts) -> None:
    await publish(row, both, AUTHOR)
    await fetch_recordings(row, both)


def _accounts(pbx: Pbx) -> Accounts:
    both = accounts(pbx)
    if both is None:
        raise CannotStart(
            f"{where_set(pbx, 'ASTERISK_AMI_PUBLISH_URL')} is not set. Write ami://user:secret@host:5038, an account "
            "with read = system and write = config,command,system."
        )
    return both
