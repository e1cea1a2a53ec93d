"""How publications are shown in lists."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lots.models import Publication

LOOKS = {"live": "live", "wanted": "busy", "running": "busy", "returned": "failed", "failed": "failed"}
SHOWN = 2
"""Sentences of the summary in a list."""


def badge(row: Publication) -> SafeString:
    """How it went, in words and a colour."""
    look = LOOKS.get(row.state, "changed")
    return format_html('<span class="badge badge-{}">{}</span>', look, row.get_state_display())


def shortened(row: Publication) -> str:
    """The first sentences of what it changed, and how many more there are."""
    told: list[str] = [str(text) for text in row.summary]
    first = [_("Back to #%d.") % row.returns_to_id] if row.returns_to_id else []
    rest = len(told) - SHOWN
    more = [ngettext("And %d more change.", "And %d more changes.", rest) % rest] if rest > 0 else []
    return " ".join([*first, *told[:SHOWN], *more]) or _("Nothing that was not there before.")
