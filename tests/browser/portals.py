"""Portals in both forms, with the servers the split form needs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.kit.asterisk import RealAsterisk
from tests.kit.portal import Portal
from tests.kit.servers import postgres, redis


@contextmanager
def portal_of(form: str, asterisk: RealAsterisk, folder: Path) -> Iterator[Portal]:
    """``serve``: SQLite and memory. ``split``: two web processes and a bridge on PostgreSQL and Redis."""
    with ExitStack() as stack:
        env = {}
        if form == "split":
            env["DATABASE_URL"] = stack.enter_context(postgres(folder / "postgres"))
            env["REDIS_URL"] = stack.enter_context(redis(folder / "redis"))
        yield stack.enter_context(Portal(folder, asterisk.pbx.runtime_url, form, env))
