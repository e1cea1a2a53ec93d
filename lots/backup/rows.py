"""Rows as JSON lines, the same for every database."""

import base64
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import IO, Any
from uuid import UUID

from django.db import connection, models
from django.utils.duration import duration_iso_string

from lots.backup.archive import Archive, Writer
from lots.backup.faults import BackupError
from lots.backup.manifest import Table

AT_ONCE = 1000
"""Rows read or written at once."""


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case UUID() | Decimal():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
    raise TypeError(type(value))


def write(writer: Writer, model: type[models.Model]) -> Table:
    """Write all rows of ``model``, as one member."""
    meta = model._meta  # noqa: SLF001
    fields, count = tuple(field.attname for field in meta.concrete_fields), 0
    rows = model._base_manager.order_by("pk").values_list(*fields)  # noqa: SLF001
    with writer.member(Table(meta.label_lower, fields, 0).member, packed=True) as out:
        for row in rows.iterator(chunk_size=AT_ONCE):
            out(json.dumps(row, default=_plain, separators=(",", ":"), ensure_ascii=False).encode() + b"\n")
            count += 1
    return Table(meta.label_lower, fields, count)


def put(archive: Archive, table: Table, model: type[models.Model]) -> None:
    """Insert the rows of ``table``. Raises ``BackupError`` where they do not fit the model."""
    fields = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001
    if set(table.fields) != set(fields):
        raise BackupError(f"The columns of {table.model} are not those of its migrations. Nothing was changed.")
    count = 0
    with archive.open(table.member) as lines:
        made = _made(lines, table, model, fields)
        while some := list(islice(made, AT_ONCE)):
            _insert(model, some)
            count += len(some)
    if count != table.rows:
        raise BackupError(f"{table.model} has {count} rows instead of {table.rows}. Nothing was changed.")


def _made(lines: IO[bytes], table: Table, model: type[models.Model], fields: dict[str, Any]) -> Iterator[models.Model]:
    for line in lines:
        values = zip(table.fields, json.loads(line), strict=True)
        yield model(**{name: _value(fields[name], value) for name, value in values})


def _value(field: Any, value: Any) -> Any:
    return value if value is None or isinstance(field, models.JSONField) else field.to_python(value)


def _insert(model: type[models.Model], rows: list[models.Model]) -> None:
    """As they are: in bulk a field that tells when its row was made would tell now."""
    fields = model._meta.concrete_fields  # noqa: SLF001
    if any(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False) for field in fields):
        for row in rows:
            row.save_base(raw=True, force_insert=True)
    else:
        model._base_manager.bulk_create(rows)  # noqa: SLF001


def empty(tables: list[type[models.Model]]) -> None:
    """Delete what migrations themselves have put in; foreign keys are checked at the end."""
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608, SLF001
