"""``manage.py tidy_history``: forget what is older than the settings allow. To be run every day."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from lots.retention import tidy


class Command(BaseCommand):
    help = (
        "Delete calls older than HISTORY_DAYS, and take names, numbers and notes from those older than ANONYMISE_DAYS."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.HISTORY_DAYS and not settings.ANONYMISE_DAYS:
            self.stdout.write("Everything is kept: neither HISTORY_DAYS nor ANONYMISE_DAYS is set.")
            return
        would = "would be " if options["dry_run"] else ""
        for done in tidy(timezone.now(), really=not options["dry_run"]):
            name = done.model._meta.verbose_name_plural  # noqa: SLF001  (documented API)
            self.stdout.write(f"{name}: {done.deleted} {would}deleted, {done.silenced} {would}made anonymous")
