"""A bridge for each PBX in use, in one process; PBXs come, change and go while it runs."""

import asyncio
import logging
from dataclasses import dataclass

from django.db import Error as DatabaseError

from lots.ami import AmiAddress, Timing
from lots.bridge.service import Bridge
from lots.bridge.thread import in_turn
from lots.models import Pbx
from lots.publish.accounts import CannotStart, publish_address, watch_address
from lots.telemetry.fleet import fleets

log = logging.getLogger(__name__)

LOOK = 2.0
"""Seconds between two looks at which PBXs there are."""


@dataclass(frozen=True, slots=True)
class Post:
    """A PBX's accounts as the database and the environment have them now."""

    watch: AmiAddress
    publish: AmiAddress | None


class Fleet:
    """``run`` goes on until cancelled; a bridge that ends with an error ends it too."""

    def __init__(self, *, timing: Timing | None = None) -> None:
        self.bridges: dict[int, Bridge] = {}
        """By the PBX's primary key."""
        self.has_looked = False
        """Whether it was asked yet which PBXs there are."""
        self.database_answers = True
        self._posts: dict[int, Post] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._timing = timing

    async def run(self) -> None:
        """Look, and start and stop what has to be."""
        fleets.add(self)
        try:
            while True:
                await self._look()
                await self._wait()
        finally:
            fleets.discard(self)
            await self._stop(list(self._tasks))

    async def _look(self) -> None:
        try:
            await self._follow(await aposts())
            self.database_answers = True
        except DatabaseError:  # the bridges log it
            self.database_answers = False
        self.has_looked = True

    async def _wait(self) -> None:
        """For the next look, or for a bridge that ended."""
        if not self._tasks:
            await asyncio.sleep(LOOK)
            return
        ended, _ = await asyncio.wait(self._tasks.values(), timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()

    async def _follow(self, found: dict[int, tuple[Pbx, Post]]) -> None:
        await self._stop([pk for pk, post in self._posts.items() if pk not in found or found[pk][1] != post])
        for pk, (pbx, post) in found.items():
            if pk not in self._tasks:
                self._start(pbx, post)

    def _start(self, pbx: Pbx, post: Post) -> None:
        log.info("Serving %s at %s.", pbx.name, post.watch.place)
        bridge = Bridge(pbx, post.watch, publish=post.publish, timing=self._timing)
        self.bridges[pbx.pk], self._posts[pbx.pk] = bridge, post
        self._tasks[pbx.pk] = asyncio.create_task(bridge.run(), name=f"bridge {pbx.name}")

    async def _stop(self, those: list[int]) -> None:
        tasks = [self._tasks.pop(pk) for pk in those]
        for pk, task in zip(those, tasks, strict=True):
            log.info("No longer serving %s.", self.bridges.pop(pk).pbx.name)
            del self._posts[pk]
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def posts() -> dict[int, tuple[Pbx, Post]]:
    """Every PBX in use that can be reached, by its primary key."""
    found = {}
    for pbx in Pbx.objects.filter(active=True).order_by("pk"):
        try:
            watch, publish = watch_address(pbx), publish_address(pbx)
        except CannotStart as error:
            _tell(pbx, str(error))
            continue
        if watch is not None:
            found[pbx.pk] = (pbx, Post(watch, publish))
    return found


def _tell(pbx: Pbx, reason: str) -> None:
    """Where an administrator looks why it is not heard."""
    if pbx.link_reason != reason:
        log.error("%s", reason)
        Pbx.objects.filter(pk=pbx.pk).update(link_reason=reason)


aposts = in_turn(posts)
