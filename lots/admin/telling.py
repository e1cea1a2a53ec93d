"""Admin pages whose changes open boards must hear of."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from lots.admin.base import Base
from lots.bridge.announce import announce
from lots.bridge.messages import News


class TellingAdmin(Base):
    """Announces ``news`` after every save and delete."""

    news: News

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save, and tell."""
        super().save_model(request, obj, form, change)
        announce(self.news)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete, and tell."""
        super().delete_model(request, obj)
        announce(self.news)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete many, and tell."""
        super().delete_queryset(request, queryset)
        announce(self.news)
