"""The page of wall screens. It holds nothing to protect: what is shown comes over the socket, for a secret."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.version import version
from dashboard.words import board_words

WORDS: dict[str, Promise] = {
    "free": _("{lot}: {free} of {total} free"),
    "full": _("{lot}: full"),
    "free_in_all": _("{free} of {total} slots free"),
    "more": _("and {count} more callers"),
    "revoked_title": _("This link does not work any more"),
    "revoked": _("Ask an administrator for a new one, and open that."),
    "no_link_title": _("This address is not complete"),
    "no_link": _("Open the whole link that an administrator gave you, with all that stands behind the #."),
}


def wall_words() -> dict[str, str]:
    """The board's words and the wall's own."""
    return {**board_words(), **{f"wall.{code}": str(words) for code, words in WORDS.items()}}


@require_safe
@never_cache
def wall(request: HttpRequest) -> HttpResponse:
    """The page, the same for everybody."""
    return render(request, "dashboard/wall.html", {"words": wall_words(), "version": version()})
