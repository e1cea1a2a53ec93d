"""Where there is one PBX nobody need choose it."""

from typing import Any

from django.http import HttpRequest

from lots.admin.base import Base
from lots.models import Pbx


class OnePbxAdmin(Base):
    """Fills in the only PBX of a new row."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """With the only PBX, when there is one."""
        only = list(Pbx.objects.values_list("pk", flat=True)[:2])
        return {**super().get_changeform_initial_data(request), **({"pbx": str(only[0])} if len(only) == 1 else {})}


def refusing(found: tuple[Any, Any, Any, Any], uses: list[str]) -> tuple[Any, Any, Any, Any]:
    """What ``get_deleted_objects`` found, with ``uses`` (sentences) as the reasons not to delete."""
    objects, counts, permissions, protected = found
    return objects, counts, permissions, uses or protected
