"""How log lines look: for people, or one JSON object a line (``LOG_FORMAT=json``).

A line may say which PBX, lot, slot, call (Asterisk's uniqueid), order and user (primary key) it is about. Never a
secret, never a caller's name or number: no line of ours is given one, and what a database quotes of a row is cut off.
"""

import json
import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

FIELDS = ("pbx", "lot", "slot", "call", "command", "kind", "code", "user")
"""What a line may be about, and nothing else."""
LEFT_OUT = "(left out)"
_QUOTED = re.compile(
    r"^(DETAIL|CONTEXT|LINE \d+):.*?(?=\n\nThe above exception was|\n\nDuring handling of|\Z)", re.MULTILINE | re.DOTALL
)
"""PostgreSQL shows the row that it refuses, with whoever is named in it."""
SHORTEST_SECRET = 6
"""Of less nothing could be told apart from ordinary text."""

_hidden: set[str] = set()

_about: ContextVar[dict[str, Any]] = ContextVar("about", default={})  # noqa: B039  (never changed in place)


@contextmanager
def about(**fields: Any) -> Iterator[None]:
    """Lines written inside are about these; only ``FIELDS``."""
    token = _about.set({**_about.get(), **{name: value for name, value in fields.items() if value not in {None, ""}}})
    try:
        yield
    finally:
        _about.reset(token)


def hide(*secrets: str) -> None:
    """From now on no line of this process shows these; what settings do not know is told here once it is opened."""
    _hidden.update(secret for secret in secrets if len(secret) >= SHORTEST_SECRET)


def secrets_in(urls: Iterable[str]) -> list[str]:
    """The passwords in addresses such as ``ami://user:secret@host``, as written and as meant."""
    found = []
    for url in urls:
        secret = urlsplit(url).netloc.rpartition("@")[0].partition(":")[2]
        found += [secret, unquote(secret), quote(unquote(secret), safe="")]
    return found


class _Clean(logging.Formatter):
    """Takes secrets out of whatever text comes along."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")
        self._secrets = sorted({one for one in secrets if len(one) >= SHORTEST_SECRET}, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """``text`` without secrets, and without the rows a database quotes."""
        text = _QUOTED.sub(rf"\1: {LEFT_OUT}", text)
        for secret in (*self._secrets, *sorted(_hidden, key=len, reverse=True)):
            text = text.replace(secret, LEFT_OUT)
        return text


class Line(_Clean):
    """For people: what it is about stands behind the message."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        """The line without its trace."""
        fields = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        return f"{super().formatMessage(record)} [{fields}]" if fields else super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """Cleaned as a whole."""
        return self.clean(super().format(record))


class Json(_Clean):
    """For machines: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """``time``, ``level``, ``logger``, ``message``, ``process``, ``FIELDS`` where known, ``trace`` of an error."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": os.getpid(),
            **_fields(record),
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps({name: self._plain(value) for name, value in told.items()}, ensure_ascii=False)

    def _plain(self, value: Any) -> Any:
        return value if isinstance(value, int) else self.clean(str(value))


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    given = {**_about.get(), **{name: record.__dict__[name] for name in FIELDS if name in record.__dict__}}
    return {name: given[name] for name in FIELDS if name in given}
