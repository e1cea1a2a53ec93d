"""Making a backup while the portal runs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from lots.backup import rows
from lots.backup.archive import MEDIA, PIECE, Writer, writing
from lots.backup.faults import BackupError
from lots.backup.manifest import Manifest
from lots.backup.schema import LEFT_OUT, applied, models_at
from lots.models import BackupMade

KEPT = 50
"""Backups that are remembered."""


def make(file: Path) -> Manifest:
    """Write the backup ``file``; what is in it. Raises ``BackupError``."""
    began = time.monotonic()
    with writing(file) as writer, _snapshot():
        done = applied()
        if not done:
            raise BackupError("There is nothing to save: this database has no tables yet.")
        _add_media(writer)
        wanted = [model for model in models_at(done) if model._meta.label_lower not in LEFT_OUT]  # noqa: SLF001
        manifest = Manifest(
            portal=settings.VERSION,
            made_at=timezone.now(),
            database=connection.vendor,
            migrations=tuple(f"{app}.{name}" for app, name in done),
            tables=tuple(rows.write(writer, model) for model in wanted),
            members=writer.members,
        )
        writer.close(manifest)
    _remember(file, manifest, time.monotonic() - began)
    return manifest


@contextmanager
def _snapshot() -> Iterator[None]:
    """One moment of the database; nobody who writes waits for us."""
    with _reading() if connection.vendor == "sqlite" else transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT count(*) FROM django_migrations" if _has_tables() else "SELECT 1")  # begins here
        yield


@contextmanager
def _reading() -> Iterator[None]:
    """Django's own transactions lock a SQLite for writing; one that only reads needs not."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _has_tables() -> bool:
    return "django_migrations" in connection.introspection.table_names()


def _add_media(writer: Writer) -> None:
    """Every recording that is there; they are named by their content, so none changes while it is read."""
    for file in media_files():
        name = MEDIA + file.relative_to(settings.MEDIA_ROOT).as_posix()
        try:
            content = file.open("rb")
        except FileNotFoundError:
            continue  # somebody deleted the recording at this moment
        with content, writer.member(name, packed=False) as write:
            while piece := content.read(PIECE):
                write(piece)


def media_files() -> list[Path]:
    """Recordings as they came and as they are played; not what is being made just now."""
    root = Path(settings.MEDIA_ROOT)
    found = (file for file in root.rglob("*") if file.is_file() and not file.is_symlink())
    return sorted(file for file in found if not any(_is_draft(part) for part in file.relative_to(root).parts))


def _is_draft(part: str) -> bool:
    return part.startswith((".", "working-"))


def _remember(file: Path, manifest: Manifest, seconds: float) -> None:
    """For the status page; a database that waits for its upgrade cannot note it."""
    if BackupMade._meta.db_table not in connection.introspection.table_names():  # noqa: SLF001
        return
    size = file.stat().st_size
    BackupMade.objects.create(at=manifest.made_at, name=file.name[:200], bytes=size, seconds=round(seconds, 1))
    old = BackupMade.objects.order_by("-at")[KEPT:].values_list("pk", flat=True)
    BackupMade.objects.filter(pk__in=list(old)).delete()
