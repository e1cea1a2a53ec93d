"""Where there is one PBX nobody need choose it."""

from typing import Any

from django import forms
from django.http import HttpRequest

from lots.admin.base import Base
from lots.models import Pbx


class OnePbxAdmin(Base):
    """Fills in the only PBX of a new row, and does not ask for it."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """With the only PBX, when there is one."""
        only = list(Pbx.objects.values_list("pk", flat=True)[:2])
        return {**super().get_changeform_initial_data(request), **({"pbx": str(only[0])} if len(only) == 1 else {})}

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Out of sight then."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "pbx" and Pbx.objects.count() == 1:
            field.widget = forms.HiddenInput()
        return field


def refusing(found: tuple[Any, Any, Any, Any], uses: list[str]) -> tuple[Any, Any, Any, Any]:
    """What ``get_deleted_objects`` found, with ``uses`` (sentences) as the reasons not to delete."""
    objects, counts, permissions, protected = found
    return objects, counts, permissions, uses or protected
