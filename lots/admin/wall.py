"""Wall screens in the admin: a link is made, shown once, revoked, replaced."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lots.admin.base import Base
from lots.admin.lot_fields import one_line
from lots.admin.spans import moment
from lots.models import ParkingLot, WallScreen

SHOWING = timedelta(minutes=2)
"""A screen in use says so once a minute."""


class WallForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Which lots it shows, and how."""

    class Meta:
        model = WallScreen
        fields = ["label", "lots", "hide_numbers"]
        widgets = {"lots": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "lots" in self.fields:
            chosen = self.instance.lots.values("pk") if self.instance.pk else []
            lots = ParkingLot.objects.filter(Q(retired=False, on_board=True) | Q(pk__in=chosen))
            self.fields["lots"].queryset = lots  # type: ignore[attr-defined]

    def clean_label(self) -> str:
        """For people."""
        return one_line(self.cleaned_data["label"])


@admin.register(WallScreen)
class WallScreenAdmin(Base):
    """The secret of a link is known on the page that shows it, and nowhere else."""

    form = WallForm
    list_display = ["label", "shown", "hide_numbers", "state", "seen", "made"]
    list_filter = ["hide_numbers"]
    search_fields = ["label"]
    readonly_fields = ["state", "seen", "made"]
    change_form_template = "admin/lots/wallscreen/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the list shows."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("made_by").prefetch_related("lots")

    def get_fields(self, _request: HttpRequest, obj: Any = None) -> Any:
        """What a new one has no answer to yet is left out."""
        fields = ["label", "lots", "hide_numbers"]
        return [*fields, "state", "seen", "made"] if obj else fields

    def get_urls(self) -> list[Any]:
        """With the two ways a link ends."""
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/revoke/", view(self.revoke), name="lots_wallscreen_revoke"),
            path("<int:pk>/new-link/", view(self.new_link), name="lots_wallscreen_new_link"),
        ]
        return [*own, *super().get_urls()]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Without a button that makes a lot."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "lots":
            field.widget.can_add_related = False
        return field

    @admin.display(description=gettext_lazy("shows"))
    def shown(self, screen: WallScreen) -> str:
        """Its lots."""
        return ", ".join(str(lot) for lot in screen.lots.all()) or _("all on the board")

    @admin.display(description=gettext_lazy("state"))
    def state(self, screen: WallScreen) -> str:
        """Whether the link works, and is used."""
        if screen.revoked_at:
            look, words = "failed", _("revoked")
        elif screen.seen_at is None:
            look, words = "found", _("not opened yet")
        elif timezone.now() - screen.seen_at < SHOWING:
            look, words = "live", _("showing now")
        else:
            look, words = "busy", _("not showing")
        return format_html('<span class="badge badge-{}">{}</span>', look, words)

    @admin.display(description=gettext_lazy("last seen"), ordering="seen_at")
    def seen(self, screen: WallScreen) -> str:
        """To the minute."""
        return moment(screen.seen_at)

    @admin.display(description=gettext_lazy("made"), ordering="made_at")
    def made(self, screen: WallScreen) -> str:
        """When and by whom."""
        return format_html("{} {}", moment(screen.made_at), screen.made_by or "")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """One button: the page that follows is the link's."""
        buttons = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().add_view(request, form_url, {**(extra_context or {}), **buttons})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new one needs a secret; the one that is shown is made with the answer."""
        if not change:
            obj.made_by = request.user
            obj.new_secret()
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, _post_url_continue: str | None = None) -> HttpResponse:
        """The link, at once: it is kept nowhere, not even for a redirect."""
        return self._link(request, obj)

    def revoke(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask; then end the link, and what it has opened."""
        screen = self._screen(request, pk)
        if request.method != "POST":
            return self._page(request, screen, _("Revoke the link"), "confirm", act="revoke")
        screen.revoke()
        screen.save(update_fields=["revoked_at"])
        self.log_change(request, screen, _("Revoked the link."))
        messages.success(request, _("The link of %s is revoked. Screens that showed it are dark.") % screen)
        return redirect("admin:lots_wallscreen_change", pk)

    def new_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask; then a new one takes the place of the old."""
        screen = self._screen(request, pk)
        if request.method != "POST":
            return self._page(request, screen, _("New link"), "confirm", act="new_link")
        self.log_change(request, screen, _("Made a new link."))
        return self._link(request, screen)

    def _screen(self, request: HttpRequest, pk: int) -> WallScreen:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(WallScreen, pk=pk)

    def _link(self, request: HttpRequest, screen: WallScreen) -> HttpResponse:
        """Make the secret and show it, this once."""
        secret = screen.new_secret()
        screen.save(update_fields=["secret_hash", "revoked_at", "seen_at"])
        link = f"{request.build_absolute_uri(reverse('dashboard:wall'))}#{secret}"
        return self._page(request, screen, _("Link of %s") % screen, "link", link=link)

    def _page(self, request: HttpRequest, screen: WallScreen, title: str, template: str, **more: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "screen": screen, **more}
        return TemplateResponse(request, f"admin/lots/wallscreen/{template}.html", context)
