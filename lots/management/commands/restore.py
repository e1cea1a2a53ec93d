"""``manage.py restore``: a backup put in, all or nothing."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError

from lots.backup.archive import Archive, reading
from lots.backup.faults import BackupError
from lots.backup.restore import holds_something, is_in_use, restore
from lots.backup.schema import known


class Command(BaseCommand):
    help = "Replace database and recordings by those in FILE, all or nothing. Stop the portal first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="as backup wrote it")
        parser.add_argument("--yes", action="store_true", help="do not ask before replacing what is there")
        parser.add_argument("--check", action="store_true", help="only say what is inside, and whether it is whole")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            with reading(options["file"]) as archive:
                self._tell(archive)
                known(archive.manifest.migrations, archive.manifest.portal)
                if not options["check"]:
                    self._restore(archive, sure=options["yes"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip().splitlines()[0]}") from error

    def _tell(self, archive: Archive) -> None:
        manifest = archive.manifest
        rows = sum(table.rows for table in manifest.tables)
        made = f"{manifest.made_at:%Y-%m-%d %H:%M} UTC by portal {manifest.portal} on {manifest.database}"
        self.stdout.write(f"Made {made}: {rows} rows, {len(archive.media)} files of recordings.")

    def _restore(self, archive: Archive, *, sure: bool) -> None:
        if is_in_use():
            raise BackupError("The portal runs with this database. Stop it (and its bridges) first.")
        if not sure and holds_something() and not self._is_sure():
            raise BackupError("Nothing was changed.")
        added = restore(archive)
        self.stdout.write(f"Restored; {added} files of recordings were added. Everybody logs in again.")
        self.stdout.write("Start the portal: it compares the PBX with what is published here, and says what differs.")

    def _is_sure(self) -> bool:
        """Asked of a person; a script says --yes."""
        if not sys.stdin.isatty():
            raise BackupError("This replaces everything that is in the database now. Say --yes if you mean it.")
        answer = input("This replaces everything that is in the database now. Type yes to go on: ")
        return answer.strip().lower() == "yes"
