"""``manage.py backup``: the whole portal as one file, while it runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError

from lots.backup.archive import MEDIA
from lots.backup.faults import BackupError
from lots.backup.make import make


class Command(BaseCommand):
    help = "Write database and recordings into FILE, for this user's eyes only. The portal may run meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a new file; one that is there is never replaced")

    def handle(self, *_args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            manifest = make(file)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {str(error).strip().splitlines()[0]}") from error
        rows = sum(table.rows for table in manifest.tables)
        recordings = sum(name.startswith(MEDIA) for name in manifest.members)
        size = file.stat().st_size / 1_000_000
        self.stdout.write(f"{file}: {rows} rows, {recordings} files of recordings, {size:.1f} MB.")
