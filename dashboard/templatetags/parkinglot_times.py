"""Times in the pages that look back."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def clock(when: datetime) -> SafeString:
    """Day and time in the viewer's zone and language; static/times.js writes them as the viewer's country does."""
    here = timezone.localtime(when)
    return format_html(
        '<time datetime="{}" data-clock>{}</time>', here.isoformat(), date_format(here, "DATETIME_FORMAT")
    )
