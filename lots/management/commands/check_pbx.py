"""``manage.py check_pbx``: what the PBX lacks for the portal, each line ready to paste."""

import asyncio
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lots.management.one_pbx import add_pbx, chosen
from lots.publish.accounts import CannotStart, publish_address, watch_address
from lots.publish.checks import CANNOT_CONNECT, exit_status, findings
from lots.publish.finding import Finding, Level
from lots.publish.gather import gather

WORDS = {Level.OK: "ok     ", Level.HINT: "HINT   ", Level.MISSING: "MISSING"}


class Command(BaseCommand):
    help = (
        "Look at the PBX: accounts, version, modules, includes, contexts. Exit status 0: nothing needed is missing; 1: "
        "something is; 2: Asterisk cannot be reached or refuses an account. Where nothing was ever published, empty "
        "files of ours are made on the PBX to see whether its own include them; nothing is loaded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_pbx(parser)
        parser.add_argument("--json", action="store_true", help="for scripts")
        parser.add_argument("--brief", action="store_true", help="without what is as it should be")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            pbx = chosen(options)
            facts = asyncio.run(gather(pbx, watch_address(pbx), publish_address(pbx), create=True))
        except CannotStart as error:
            self.stderr.write(f"parkinglot: {error}")
            sys.exit(CANNOT_CONNECT)
        found = findings(facts)
        status = exit_status(facts, found)
        shown = [one for one in found if not options["brief"] or one.level is not Level.OK]
        if options["json"]:
            told = {"status": status, "findings": [one.as_json() for one in shown]}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(line for one in shown for line in _lines(one)))
        sys.exit(status)


def _lines(one: Finding) -> list[str]:
    lines = [f"{WORDS[one.level]} {one.sentence}"]
    for paste in one.pastes:
        lines += [f"        {paste.file}:", *(f"            {line}" for line in paste.text.splitlines())]
    return [*lines, f"        then: {one.after}"] if one.after else lines
