"""What is known at this moment. Synchronous ORM code, some milliseconds."""

import shutil
import time
from dataclasses import dataclass, field
from datetime import datetime

import redis
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from dashboard.condition.boards import open_now
from lots.models import BackupMade, Pbx, Publication

PATIENCE = 2.0
"""Seconds Redis may take."""


@dataclass(frozen=True, slots=True)
class PbxFacts:
    """One PBX in use. ``served_until`` is when its bridge's lease runs out."""

    pk: int
    name: str
    link: str
    since: datetime | None
    reason: str
    served_until: datetime | None
    drift: tuple[str, ...]
    compared: datetime | None
    drift_error: str
    published: str
    """State of the newest publication that ended; empty: there is none."""
    published_at: datetime | None
    publication: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """``free`` and ``size`` in bytes, of the disk ``VAR_DIR`` is on; ``database_took`` in seconds."""

    now: datetime
    pbxs: tuple[PbxFacts, ...]
    database: str
    database_took: float
    migrations_missing: int
    redis: bool | None
    """Whether it answers; None: there is only one process, and nothing between."""
    boards: int
    walls: int
    free: int
    size: int
    backup: datetime | None
    backup_name: str
    version: str
    ami_versions: tuple[str, ...] = field(default=())


def gather() -> Facts:
    """All of it."""
    began = time.perf_counter()
    pbxs = list(Pbx.objects.filter(active=True).order_by("pk"))
    took = time.perf_counter() - began
    answers = _redis() if settings.REDIS_URL else None
    boards, walls = (0, 0) if answers is False else async_to_sync(open_now)()
    disk, backup = shutil.disk_usage(settings.VAR_DIR), BackupMade.objects.first()
    executor = MigrationExecutor(connection)
    return Facts(
        now=timezone.now(),
        pbxs=tuple(_pbx(pbx) for pbx in pbxs),
        database=connection.vendor,
        database_took=took,
        migrations_missing=len(executor.migration_plan(executor.loader.graph.leaf_nodes())),
        redis=answers,
        boards=boards,
        walls=walls,
        free=disk.free,
        size=disk.total,
        backup=backup.at if backup else None,
        backup_name=backup.name if backup else "",
        version=settings.VERSION,
        ami_versions=tuple(sorted({pbx.ami_version for pbx in pbxs if pbx.ami_version})),
    )


def _pbx(pbx: Pbx) -> PbxFacts:
    under_way = (Publication.State.WANTED, Publication.State.RUNNING)
    last = pbx.publications.exclude(state__in=under_way).defer("files", "setup").first()
    return PbxFacts(
        pk=pbx.pk,
        name=str(pbx),
        link=pbx.link_state,
        since=pbx.link_since,
        reason=pbx.link_reason,
        served_until=pbx.lease_until,
        drift=tuple(pbx.drift),
        compared=pbx.drift_checked_at,
        drift_error=pbx.drift_error,
        published=last.state if last else "",
        published_at=(last.ended_at or last.made_at) if last else None,
        publication=last.pk if last else None,
    )


def _redis() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) as one:
            return bool(one.ping())
    except (redis.RedisError, ValueError):
        return False
