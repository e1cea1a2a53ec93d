"""``manage.py import_setup``: the setup out of a file, all or nothing."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lots.management.one_pbx import add_pbx, chosen
from lots.setup_file.differences import Difference, What
from lots.setup_file.faults import WrongFile
from lots.setup_file.importing import Report, import_setup

SIGNS = {What.CREATED: "+", What.CHANGED: "~", What.REMOVED: "-", What.STAYS: "="}


class Command(BaseCommand):
    help = "Take over the setup in FILE, all or nothing. Nothing reaches the PBX until it is published."

    def add_arguments(self, parser: CommandParser) -> None:
        add_pbx(parser)
        parser.add_argument("file", type=Path, metavar="FILE", help="as export_setup wrote it; -: standard input")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--remove", action="store_true", help="remove what the file does not name")

    def handle(self, *_args: Any, **options: Any) -> None:
        file = _read(options["file"])
        try:
            report = import_setup(chosen(options), file, dry_run=options["dry_run"], removing=options["remove"])
        except WrongFile as wrong:
            raise CommandError(f"{wrong}\nNothing was changed.") from wrong
        self._tell(report, dry_run=options["dry_run"])

    def _tell(self, report: Report, *, dry_run: bool) -> None:
        for one in report.differences:
            self.stdout.write(_line(one))
        for notice in report.notices:
            self.stdout.write(f"! {notice}")
        if dry_run:
            self.stdout.write("Nothing was changed: this was a dry run.")
        elif report.changes:
            self.stdout.write("Done. Publish to have it on the PBX.")
        else:
            self.stdout.write("Everything was so already.")


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error


def _line(one: Difference) -> str:
    label = f" ({one.label})" if one.label not in {"", one.name} else ""
    stays = " stays; the file does not name it" if one.what is What.STAYS else ""
    details = f": {'; '.join(one.details)}" if one.details else ""
    return f"{SIGNS[one.what]} {one.section} {one.name}{label}{stays}{details}".rstrip()
