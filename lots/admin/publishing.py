"""What is not published yet, and whether the PBX has what was: asked once a request."""

from dataclasses import dataclass

from django.http import HttpRequest

from lots.models import Pbx, Publication
from lots.publish.publications import UNDER_WAY
from lots.publish.unpublished import Unpublished, unpublished

MAY, MAY_LOOK = "lots.publish", "lots.view_publication"


@dataclass(frozen=True)
class Standing:
    """One PBX."""

    pbx: Pbx
    unpublished: Unpublished
    under_way: Publication | None
    several: bool
    """There is more than one PBX: say which."""

    @property
    def changes(self) -> int:
        """How many owners (lots, music ...) differ."""
        return len(self.unpublished.found)

    @property
    def drift(self) -> bool:
        """The running PBX has something else than was published."""
        return bool(self.pbx.drift) and not self.under_way


def standings(request: HttpRequest) -> list[Standing]:
    """Of every PBX, for those who may see publications; kept for the rest of the request."""
    if not request.user.has_perm(MAY_LOOK):
        return []
    kept: list[Standing] | None = getattr(request, "_standings", None)
    if kept is None:
        rows = list(Pbx.objects.all())
        kept = [standing(pbx, several=len(rows) > 1) for pbx in rows]
        request._standings = kept  # type: ignore[attr-defined]  # noqa: SLF001  (as Django keeps its own)
    return kept


def standing(pbx: Pbx, *, several: bool = False) -> Standing:
    """As of now."""
    under_way = pbx.publications.filter(state__in=UNDER_WAY).defer("files", "setup").first()
    return Standing(pbx, unpublished(pbx), under_way, several)
