"""Pages about one PBX: the one asked for, else the first; where there are several, links to the others."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from lots.models import Pbx

LONGEST_KEY = 18
"""Digits of a key that a database can have."""


def asked_pbx(request: HttpRequest) -> Pbx:
    """``pbx`` of the address or of the form. Raises ``Http404`` when there is no such one, or none at all."""
    asked = request.POST.get("pbx") or request.GET.get("pbx") or ""
    return get_object_or_404((with_key(asked) if asked else Pbx.objects.order_by("pk"))[:1])


def with_key(sent: str) -> QuerySet[Pbx]:
    """The one with this primary key, as somebody sent it: it may be no key at all."""
    is_key = sent.isdecimal() and len(sent) <= LONGEST_KEY
    return Pbx.objects.filter(pk=sent) if is_key else Pbx.objects.none()


def which(pbx: Pbx | None) -> dict[str, Any]:
    """For a page's context: ``pbx``, and ``pbxs`` to choose from (none where there is no choice)."""
    every = list(Pbx.objects.order_by("pk"))
    return {"pbx": pbx or next(iter(every), None), "pbxs": every if len(every) > 1 else []}
