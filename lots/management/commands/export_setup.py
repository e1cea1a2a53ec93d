"""``manage.py export_setup``: the whole setup as a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lots.management.one_pbx import add_pbx, chosen
from lots.setup_file.export import exported


class Command(BaseCommand):
    help = "Write lots, phones, hold music and paging zones as one readable file, without secrets."

    def add_arguments(self, parser: CommandParser) -> None:
        add_pbx(parser)
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="where to; left out: standard output")

    def handle(self, *_args: Any, **options: Any) -> None:
        text = exported(chosen(options))
        if options["file"] is None:
            self.stdout.write(text, ending="")
            return
        try:
            options["file"].write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
