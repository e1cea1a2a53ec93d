"""Progress, written to the database a few times a second at the most."""

import asyncio
import logging
from contextlib import suppress
from types import TracebackType
from typing import Self

from channels.db import database_sync_to_async

from lots.models import Publication
from lots.publish import rows

log = logging.getLogger(__name__)

EVERY = 0.25
"""Seconds between two writings."""

anote = database_sync_to_async(rows.note)


class Report:
    """``step`` and ``advance`` only remember; a task of its own writes while the block lasts."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._now = ("", 0, 0)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._write(), name="progress")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def step(self, words: str, total: int = 0) -> None:
        """A new step of ``total`` parts; 0: nobody can say."""
        self._now = (words, 0, total)

    @property
    def words(self) -> str:
        """The step of this moment."""
        return self._now[0]

    def advance(self) -> None:
        """One part is done."""
        step, done, total = self._now
        self._now = (step, done + 1, max(total, done + 1) if total else 0)

    async def _write(self) -> None:
        written = self._now
        while True:
            if self._now != written:
                written = self._now
                try:
                    await anote(self._publication, *written)
                except Exception:
                    log.exception("Cannot write how far the publication is.")
            await asyncio.sleep(EVERY)
