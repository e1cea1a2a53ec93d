"""Spans of time and moments as people read them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE = 60


def span(seconds: int) -> str:
    """``150`` is "2 minutes 30 seconds"."""
    minutes, rest = divmod(seconds, MINUTE)
    parts = []
    if minutes:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes})
    if rest or not minutes:
        parts.append(ngettext("%(count)d second", "%(count)d seconds", rest) % {"count": rest})
    return " ".join(parts)


def short_span(seconds: int) -> str:
    """``150`` is "2 min 30 s": for tables."""
    minutes, rest = divmod(seconds, MINUTE)
    parts = [_("%d min") % minutes] if minutes else []
    return " ".join([*parts, _("%d s") % rest] if rest or not minutes else parts)


def moment(when: datetime | None) -> str | SafeString:
    """A time the page's script says in the reader's own time zone; without it: the portal's, with its name."""
    if when is None:
        return "–"
    here = timezone.localtime(when)
    words = _("%(date)s, %(time)s %(zone)s") % {
        "date": date_format(here, "DATE_FORMAT"),
        "time": date_format(here, "TIME_FORMAT"),
        "zone": here.tzname(),
    }
    return format_html('<time datetime="{}" data-local>{}</time>', when.isoformat(), words)
