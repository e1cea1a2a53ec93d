"""JSON that may be long, kept compressed: a publication of 300 lots takes 0.15 MB instead of 1.6."""

import base64
import json
import zlib
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

SHORT = 1000
"""Characters up to which nothing is gained."""
MARK = "zlib:"


def packed(value: Any) -> Any:
    """What is stored for ``value``: itself, or one string."""
    if not isinstance(value, (dict, list)):
        return value  # None, or an expression of the database's
    text = json.dumps(value, separators=(",", ":"))
    return MARK + base64.b64encode(zlib.compress(text.encode())).decode() if len(text) > SHORT else value


def unpacked(value: Any) -> Any:
    """The value that was stored as ``value``."""
    return json.loads(_text(value)) if isinstance(value, str) and value.startswith(MARK) else value


def plain_text(stored: str) -> str:
    """The JSON text of a value, from the column's own text: to search in, which is cheaper than to parse."""
    return _text(json.loads(stored)) if stored.startswith(f'"{MARK}') else stored


def _text(value: str) -> str:
    return zlib.decompress(base64.b64decode(value.removeprefix(MARK))).decode()


class PackedJSONField(models.JSONField):
    """For dicts and lists. What was stored plainly before is read all the same; the database cannot search in it."""

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Compressed."""
        return super().get_db_prep_value(packed(value), connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """As it was given."""
        return unpacked(super().from_db_value(value, expression, connection))
