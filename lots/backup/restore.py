"""Putting a backup in: all of it or nothing."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from lots.backup import rows, schema
from lots.backup.archive import MEDIA, Archive
from lots.backup.faults import BackupError
from lots.backup.manifest import Member
from lots.models import BackupMade, Pbx, Publication


def is_in_use() -> bool:
    """Whether a bridge serves this database at this moment: the portal runs."""
    if Pbx._meta.db_table not in connection.introspection.table_names():  # noqa: SLF001
        return False
    return Pbx.objects.filter(~Q(lease_holder=""), lease_until__gt=Now()).exists()


def holds_something() -> bool:
    """Whether there is anything to be replaced: lots or people."""
    there = connection.introspection.table_names()
    tables = [name for name in ("lots_parkinglot", "auth_user") if name in there]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                return True
    return False


def restore(archive: Archive) -> int:
    """Replace the database by the archive's; how many recordings were added. Raises ``BackupError``.

    Recordings come first, beside those that are there: their names are their content. None is taken away, for the
    PBX may play one of them until something else is published.
    """
    keys = schema.known(archive.manifest.migrations, archive.manifest.portal)
    with _media(archive) as added, _one_transaction():
        try:
            _filled(archive, keys)
            _afterwards(archive)
        except (DatabaseError, ValidationError, ValueError, TypeError) as error:
            said = str(error).strip().partition("\n")[0][:300]
            raise BackupError(f"It cannot be put in: {said}. Nothing was changed.") from error
    return len(added)


def _filled(archive: Archive, keys: list[schema.Key]) -> None:
    """The backup's own form of the database with its rows, brought to ours."""
    schema.drop_all()
    then = schema.tables_of(schema.migrate_to(keys))
    rows.empty(then)
    models = {model._meta.label_lower: model for model in then}  # noqa: SLF001
    for table in archive.manifest.tables:
        if table.model not in models:
            raise BackupError(f"There is no table for {table.model}. Nothing was changed.")
        rows.put(archive, table, models[table.model])
    connection.check_constraints()
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), then):
            cursor.execute(sql)
    schema.migrate_forward()


def _afterwards(archive: Archive) -> None:
    """What was under way then is not any more, and nobody knows yet what the PBX has."""
    emit_post_migrate_signal(0, interactive=False, db=connection.alias)
    Pbx.objects.update(lease_holder="", lease_until=None, publisher="", publisher_until=None)
    Pbx.objects.update(drift={}, drift_checked_at=None, drift_error="")
    Publication.objects.filter(state=Publication.State.WANTED).delete()  # never begun: it says nothing of the PBX
    message, made = _("It was under way when the backup was made that was restored since."), archive.manifest.made_at
    running = Publication.objects.filter(state=Publication.State.RUNNING)
    running.update(state=Publication.State.FAILED, ended_at=made, message=message)
    if not BackupMade.objects.filter(at=made).exists():
        BackupMade.objects.create(at=made, name=_("the one that was restored"), bytes=0, seconds=0)


@contextmanager
def _one_transaction() -> Iterator[None]:
    """SQLite cannot alter tables while it watches foreign keys; they are checked by hand before the end."""
    connection.ensure_connection()
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            yield
    finally:
        connection.enable_constraint_checking()


@contextmanager
def _media(archive: Archive) -> Iterator[list[Path]]:
    """Put the recordings in that are not there; they go again when the rest fails."""
    added: list[Path] = []
    root = Path(settings.MEDIA_ROOT)
    try:
        for name in archive.media:
            place = root / name
            if not _is_there(place, archive.manifest.members[MEDIA + name]):
                place.parent.mkdir(parents=True, exist_ok=True)
                new = not place.exists()
                _copy(archive, MEDIA + name, place)
                added += [place] if new else []
        yield added
    except OSError as error:
        _take_back(added)
        raise BackupError(f"{error.filename}: {error.strerror}. Nothing was changed.") from error
    except BaseException:
        _take_back(added)
        raise


def _is_there(place: Path, member: Member) -> bool:
    """Whole: one that was cut short by a full disk is put in again."""
    if not place.is_file() or place.stat().st_size != member.bytes:
        return False
    with place.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == member.sha256


def _copy(archive: Archive, member: str, place: Path) -> None:
    with (
        archive.open(member) as content,
        tempfile.NamedTemporaryFile(dir=place.parent, prefix=".", delete=False) as out,
    ):
        try:
            shutil.copyfileobj(content, out)
            out.flush()
            os.fsync(out.fileno())
            Path(out.name).replace(place)
        except BaseException:
            Path(out.name).unlink(missing_ok=True)
            raise


def _take_back(added: list[Path]) -> None:
    for file in added:
        file.unlink(missing_ok=True)
