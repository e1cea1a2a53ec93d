"""Publications in the admin: what would change, how it goes, what was, and the way back."""

from hashlib import sha256
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lots.admin.base import ReadOnlyAdmin
from lots.admin.lost_places import lost_now
from lots.admin.publication_words import badge, shortened
from lots.admin.publishing import MAY, MAY_LOOK, standings
from lots.admin.spans import moment
from lots.config.diff import texts
from lots.config.music_check import music_problems
from lots.models import Pbx, Publication
from lots.publish.publications import CannotPublish, Pending, live, pending, progress, returning, want
from lots.publish.stored import Unreadable, files_of
from lots.publish.translated import translated

State = Publication.State


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    """The history of publications; new ones are made by its preview page."""

    list_display = ["number", "asked", "author_name", "verdict", "changed"]
    list_filter = ["state", "pbx"]
    search_fields = ["author_name", "message"]
    nothing_yet = _("Nothing was published so far.")
    change_form_template = "admin/lots/publication/detail.html"
    change_list_template = "admin/lots/publication/change_list.html"

    def get_urls(self) -> list[Any]:
        """With preview, progress, and the way back."""
        view = self.admin_site.admin_view
        own = [
            path("preview/<int:pk>/", view(self.preview), name="lots_publication_preview"),
            path("<int:pk>/progress/", view(self.progress_page), name="lots_publication_progress"),
            path("<int:pk>/state/", view(self.state), name="lots_publication_state"),
            path("<int:pk>/again/", view(require_POST(self.again)), name="lots_publication_again"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the text of the files, which may be long."""
        return super().get_queryset(request).defer("files", "setup")

    @admin.display(description=_("number"), ordering="pk")
    def number(self, row: Publication) -> str:
        """As people refer to it."""
        return f"#{row.pk}"

    @admin.display(description=_("when"), ordering="pk")
    def asked(self, row: Publication) -> str:
        """When somebody pressed the button."""
        return moment(row.made_at)

    @admin.display(description=_("state"), ordering="state")
    def verdict(self, row: Publication) -> str:
        """How it went."""
        return badge(row)

    @admin.display(description=_("what it changed"))
    def changed(self, row: Publication) -> str:
        """The first sentences."""
        return shortened(row)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With the way to publish."""
        return super().changelist_view(request, {"standings": standings(request), **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One publication: what it changed, and how it differs from what runs now."""
        is_key = object_id.isascii() and object_id.isdecimal()
        row = Publication.objects.filter(pk=object_id).first() if is_key else None
        context = {**details(row), "may": request.user.has_perm(MAY)} if row else {}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What publishing would change; posted: do it, if it is still what was shown."""
        if not request.user.has_perm(MAY_LOOK):  # it shows all lots, hidden ones too
            raise PermissionDenied
        pbx = get_object_or_404(Pbx, pk=pk)
        now = pending(pbx)
        if request.method == "POST":
            if request.POST.get("mark") == mark(now):
                return self._publish(request, pbx)
            messages.warning(request, _("Something was changed meanwhile. Look again before you publish."))
        return self._page(request, "preview", {"title": _("Review and publish"), "pbx": pbx, **previewed(now, pbx)})

    def _publish(self, request: HttpRequest, pbx: Pbx, returns_to: Publication | None = None) -> HttpResponse:
        if not request.user.has_perm(MAY):
            raise PermissionDenied
        try:
            row = want(pbx, request.user, returns_to)  # type: ignore[arg-type]  # logged in, or has_perm had said no
        except CannotPublish as error:
            messages.error(request, str(error))
            if returns_to:
                return redirect("admin:lots_publication_change", returns_to.pk)
            return redirect("admin:lots_publication_preview", pbx.pk)
        return redirect("admin:lots_publication_progress", row.pk)

    def again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish an older one's files once more; the first time somebody asks, what that changes is shown."""
        if not request.user.has_perm(MAY):
            raise PermissionDenied
        row = get_object_or_404(Publication, pk=pk)
        try:
            now = returning(row.pbx, row)
        except CannotPublish as error:
            messages.error(request, str(error))
            return redirect("admin:lots_publication_change", pk)
        if request.POST.get("mark") == mark(now):
            return self._publish(request, row.pbx, row)
        context = {"title": _("Publish #%d again") % row.pk, "pbx": row.pbx, "row": row, **previewed(now, row.pbx)}
        return self._page(request, "preview", context)

    def progress_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How a publication goes."""
        row = self._seen(request, pk)
        context = {
            "title": _("Publication #%d") % pk,
            "row": row,
            "progress": progress(row),
            "state_url": reverse("admin:lots_publication_state", args=[pk]),
        }
        return self._page(request, "progress", context)

    def state(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The same for the page's script."""
        row = self._seen(request, pk)
        return JsonResponse({**progress(row), "words": row.get_state_display()})

    def _seen(self, request: HttpRequest, pk: int) -> Publication:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Publication.objects.select_related("pbx").defer("files", "setup"), pk=pk)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> TemplateResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "may": request.user.has_perm(MAY)}
        return TemplateResponse(request, f"admin/lots/publication/{name}.html", {**frame, **context})


def mark(now: Pending) -> str:
    """What was shown, in short: only that is published."""
    return sha256(repr(sorted(now.diffs.items())).encode()).hexdigest()[:32]


def previewed(now: Pending, pbx: Pbx) -> dict[str, Any]:
    """For the preview's template."""
    return {
        "now": now,
        "mark": mark(now),
        "published": pbx.publications.filter(state=State.LIVE).exists(),
        "warnings": [*map(translated, music_problems(now.now)), *lost_now(pbx, now.now)],
        "check": reverse("admin:lots_check_pbx", args=[pbx.pk]),
    }


def details(row: Publication) -> dict[str, Any]:
    """For the template of one publication."""
    before = row.pbx.publications.filter(state=State.LIVE, pk__lt=row.pk).first()
    running = live(row.pbx)
    return {
        "title": _("Publication #%d") % row.pk,
        "row": row,
        "before": before,
        "running": running,
        "changed": compared(before, row),
        "differs": compared(running, row) if running and running.pk != row.pk else {},
        "is_running": running is not None and running.pk == row.pk,
    }


def compared(before: Publication | None, after: Publication) -> dict[str, str] | None:
    """File name -> unified diff. None: one of the two is not kept any more, or cannot be read."""
    if not after.files or (before and not before.files):
        return None
    try:
        return texts(files_of(before), files_of(after))
    except Unreadable:
        return None
