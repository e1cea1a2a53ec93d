"""``manage.py convert_audio``: convert recordings that wait, here and now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lots.audio.words import why_failed
from lots.audio.worker import convert_waiting
from lots.models import AudioFile


class Command(BaseCommand):
    help = "Convert uploaded recordings that wait. Exit status 1: some of them failed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--failed", action="store_true", help="those that failed once more, too")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["failed"]:
            AudioFile.objects.filter(state=AudioFile.FAILED).update(state=AudioFile.WAITING)
        self.stdout.write(f"{convert_waiting()} converted")
        failed = list(AudioFile.objects.filter(state=AudioFile.FAILED))
        for audio in failed:
            self.stderr.write(f"{audio}: {why_failed(audio)}")
        if failed:
            raise SystemExit(1)
