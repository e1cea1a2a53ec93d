"""``--pbx NAME``, for the commands that work on one."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from lots.bridge.start import named_pbx
from lots.models import Pbx
from lots.publish.accounts import CannotStart


def add_pbx(parser: CommandParser) -> None:
    """The option."""
    parser.add_argument("--pbx", metavar="NAME", help="which PBX, where there are several")


def chosen(options: dict[str, Any]) -> Pbx:
    """What was meant; the first where none was named. Raises ``CommandError``."""
    try:
        return named_pbx(options["pbx"])
    except CannotStart as error:
        raise CommandError(str(error)) from error
