"""``manage.py serve``: Asterisk (a private one when none is named), bridge and web server under one command."""

import contextlib
import resource
import socket
import sys
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError

from dashboard.beside import Beside
from dashboard.server import Server
from dashboard.welcome import welcome
from lots.audio.worker import kick_if_needed
from lots.bridge.fleet import posts
from lots.bridge.start import check_environment, needs_own_asterisk, try_out
from lots.demo.people import Account, fill, retire
from lots.demo.setting import asterisk_config
from lots.embedded import Console, EmbeddedAsterisk, EmbeddedError, ensure_asterisk
from lots.models import Pbx
from lots.publish.accounts import CannotStart

EX_INTERRUPTED = 130


class Command(BaseCommand):
    """Every step that takes a while says so; every step that cannot be taken says what to do, and exits with 1."""

    help = "Run the whole portal. Ctrl-C ends everything it started."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Prepare, then serve until a signal."""
        say = Console()
        try:
            raise_file_limit()
            check_port(settings.BIND, settings.PORT)
            check_redis(settings.REDIS_URL)
            self._prepare_database(say)
            with contextlib.ExitStack() as undo:
                asterisk = self._asterisk(say, undo) if needs_own_asterisk() else None
                exit_code = self._serve(say, asterisk)
        except KeyboardInterrupt:
            raise SystemExit(EX_INTERRUPTED) from None
        except (CannotStart, EmbeddedError) as error:
            sys.exit(f"parkinglot: {error}")
        raise SystemExit(exit_code)

    def _prepare_database(self, say: Console) -> None:
        say("Preparing the database")
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except DatabaseError as error:
            first_line = str(error).strip().splitlines()[0]
            raise CannotStart(f"The database cannot be used: {first_line}. Check DATABASE_URL.") from error

    def _asterisk(self, say: Console, undo: contextlib.ExitStack) -> EmbeddedAsterisk:
        var = Path(settings.VAR_DIR)
        installation = ensure_asterisk(var, suite=settings.EMBEDDED_SUITE or None, say=say)
        say(f"Starting Asterisk {installation.version}")
        asterisk = EmbeddedAsterisk(installation, "portal", var / "asterisk", asterisk_config())
        asterisk.start()
        undo.callback(asterisk.stop)
        # As if the environment named it, for everything that asks it something.
        settings.ASTERISK_AMI_URL, settings.ASTERISK_AMI_PUBLISH_URL = asterisk.runtime_url, asterisk.publish_url
        return asterisk

    def _serve(self, say: Console, asterisk: EmbeddedAsterisk | None) -> int:
        from parkinglot.asgi import application  # noqa: PLC0415  (needs the apps, and daphne's loop)

        pbx = check_environment()
        accounts = self._accounts(say, pbx)
        kick_if_needed()  # recordings an earlier process did not finish
        beside = Beside(pbx, asterisk, lambda: say(welcome(asterisk, accounts)))
        server = Server(application, settings.BIND, settings.PORT, beside.run)
        for each, post in posts().values():
            if trouble := server.loop.run_until_complete(try_out(each, post.watch)):
                say(f"{trouble} The portal starts all the same and keeps trying; the boards say so.")
        return server.serve()

    def _accounts(self, say: Console, pbx: Pbx) -> list[Account]:
        """The demo's accounts; without a demo, those of an earlier one are switched off."""
        kept = Path(settings.VAR_DIR) / "demo.json"
        if settings.DEMO:
            return fill(pbx, kept)
        if gone := retire(pbx, kept):
            say(f"The demo is over: its accounts ({', '.join(gone)}) are switched off")
        return []


def raise_file_limit() -> None:
    """Each open board is a file: take as many as we may have."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def check_redis(url: str) -> None:
    """Raise ``CannotStart`` when a Redis is named that does not answer."""
    if not url:
        return
    try:
        redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3).ping()
    except (redis.RedisError, ValueError) as error:
        raise CannotStart(f"REDIS_URL: Redis does not answer ({error}). Check it, or leave it out.") from error


def check_port(bind: str, port: int) -> None:
    """Raise ``CannotStart`` when nobody can listen there."""
    try:
        family, kind, proto, _, where = socket.getaddrinfo(bind, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        raise CannotStart(f"Cannot listen on {bind}:{port}: {error.strerror}. Set another PORT or BIND.") from error
