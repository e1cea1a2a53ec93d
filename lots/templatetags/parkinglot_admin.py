"""What the templates of the admin ask for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.apps import apps
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lots.admin.diffs import DiffLine, lines
from lots.admin.overview import Overview
from lots.admin.overview import overview as overview_for
from lots.admin.publishing import Standing, standings
from lots.admin.spans import moment

register = template.Library()

ORDER = (
    *("ParkingLot", "Publication", "HoldMusic", "AudioFile", "PagingZone", "Phone", "WallScreen", "ParkedCall", "Act"),
    *("Pbx", "User", "Group"),
)
"""Models as people look for them; all others are on the first page only."""


@dataclass(frozen=True, slots=True)
class Section:
    """A link at the top of every page."""

    name: str
    url: str
    here: bool
    exact: bool


@register.simple_tag(takes_context=True)
def admin_sections(context: Mapping[str, Any]) -> list[Section]:
    """The lists this person may see."""
    path: str = context["request"].path
    home = reverse("admin:index")
    models = [("", home), *((str(model["name"]), model.get("admin_url")) for model in _sorted(context))]
    return [
        Section(capfirst(name) or _("Overview"), url, path.startswith(url) if name else path == url, path == url)
        for name, url in models
        if url
    ]


def _sorted(context: Mapping[str, Any]) -> list[dict[str, Any]]:
    known = [model for model in _models(context.get("available_apps") or ()) if model["object_name"] in ORDER]
    return sorted(known, key=lambda model: ORDER.index(model["object_name"]))


def _models(apps: Any) -> Iterator[dict[str, Any]]:
    for app in apps:
        yield from app["models"]


@register.simple_tag(takes_context=True)
def publish_standing(context: Mapping[str, Any]) -> list[Standing]:
    """What is not published, for the banner."""
    return standings(context["request"])


@register.simple_tag(takes_context=True)
def overview(context: Mapping[str, Any]) -> Overview:
    """What the first page shows."""
    return overview_for(context["request"])


@register.filter
def when(value: Any) -> str:
    """A moment in the reader's time zone."""
    return moment(value)


@register.filter
def going_too(counts: Iterable[tuple[Any, int]], opts: Any) -> list[tuple[Any, int]]:
    """What is deleted with rows of the model ``opts``: neither these themselves, nor what only joins two rows."""
    models = [model._meta for model in apps.get_models(include_auto_created=True)]  # noqa: SLF001  (its public part)
    joining = {meta.verbose_name_plural for meta in models if meta.auto_created}
    return [(name, count) for name, count in counts if name != opts.verbose_name_plural and name not in joining]


@register.filter
def diff_lines(text: str) -> list[DiffLine]:
    """A unified diff, line by line."""
    return list(lines(text))
