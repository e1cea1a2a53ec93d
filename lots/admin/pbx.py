"""The PBX in the admin."""

from django.contrib import admin

from lots.admin.base import ReadOnlyAdmin
from lots.models import Pbx


@admin.register(Pbx)
class PbxAdmin(ReadOnlyAdmin):
    """What the bridge last knew; nothing to edit, the environment names the PBX."""

    list_display = ["name", "link_state", "link_since", "link_reason", "ami_version"]
