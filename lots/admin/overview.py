"""The first page: lots at a glance, the PBX, the last publications, tools."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lots.admin.lot_list import LotColumns, note_kinds
from lots.admin.seen import lots_known
from lots.admin.tools import ToolLink, tools_for
from lots.models import Pbx, Publication

AT_A_GLANCE = 12
"""Lots shown, the fullest first."""
NEWEST = 5
"""Publications shown."""


@dataclass(frozen=True)
class Overview:
    """What the first page shows; ``more`` lots are on their own page."""

    lots: list[Any]
    more: int
    pbxs: list[Pbx]
    publications: list[Publication]
    tools: list[ToolLink]


def overview(request: HttpRequest) -> Overview:
    """As of now, for this person."""
    rows = LotColumns.counted(lots_known(request.user).filter(retired=False)).order_by("-waiting", "label", "pk")
    lots = list(rows[:AT_A_GLANCE])
    note_kinds(request, lots)
    for lot in lots:
        lot.badge = LotColumns.badge(lot)
        total = lot.last_slot - lot.first_slot + 1
        lot.occupied_now = _("%(waiting)d of %(total)d occupied") % {"waiting": lot.waiting, "total": total}
    return Overview(
        lots=lots,
        more=max(0, rows.count() - len(lots)),
        pbxs=list(Pbx.objects.all()),
        publications=list(Publication.objects.defer("files", "setup")[:NEWEST]),
        tools=tools_for(request, "index"),
    )
