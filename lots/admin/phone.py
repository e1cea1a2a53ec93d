"""Phones in the admin."""

from django.contrib import admin

from lots.admin.telling import TellingAdmin
from lots.bridge.messages import News
from lots.models import Phone


@admin.register(Phone)
class PhoneAdmin(TellingAdmin):
    """Whose click makes which phone ring."""

    news: News = {"kind": "rights"}
    list_display = ["number", "name", "device", "owner"]
    list_filter = ["pbx"]
    search_fields = ["number", "name", "device", "owner__username"]
    autocomplete_fields = ["owner"]
