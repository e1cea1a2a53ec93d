"""The PBX in the admin: whether it is heard, which contexts it has, and whether it runs what was published."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from lots.admin.base import Base
from lots.admin.comparing import compare_now
from lots.admin.pbx_form import PbxForm
from lots.admin.publishing import MAY
from lots.admin.spans import moment
from lots.admin.tools import tools_for
from lots.bridge.announce import announce
from lots.models import Pbx
from lots.publish.accounts import MAIN, CannotStart, is_from_environment, watch_address
from lots.publish.publications import CannotPublish, live, want

FROM_ENVIRONMENT = _("The environment says where this PBX is: ASTERISK_AMI_URL and ASTERISK_AMI_PUBLISH_URL.")
ACCOUNTS: list[Any] = [
    (_("Manager interface"), {"fields": ["host", "port", "tls", "ca"]}),
    (
        _("Account to watch and act"),
        {"fields": ["watch_user", "watch_secret"], "description": _("Sees calls, rings phones; cannot set anything.")},
    ),
    (
        _("Account to publish"),
        {"fields": ["publish_user", "publish_secret"], "description": _("Without it nothing can be published.")},
    ),
]
LOOKS = {"hearing": "live", "lost": "failed", "refused": "failed"}


@admin.register(Pbx)
class PbxAdmin(Base):
    """Where a PBX is, who we are there, and which contexts phones dial in; the bridge keeps its state.

    Of the one the environment names, the environment says where it is.
    """

    form = PbxForm
    list_display = ["__str__", "place", "link", "since", "link_reason", "ami_version", "compared"]
    readonly_fields = ["link", "since", "link_reason", "ami_version", "compared", "place"]
    change_form_template = "admin/lots/pbx/change_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Accounts only where the environment does not name them, and never what is secret in them."""
        del request
        own = obj is not None and is_from_environment(obj)
        account = [(None, {"fields": ["place"], "description": FROM_ENVIRONMENT})] if own else ACCOUNTS
        names = ["label", *([] if obj else ["name"]), "active"]
        contexts = (_("Contexts"), {"fields": ["phone_contexts", "trunk_contexts"]})
        state = [(_("State"), {"fields": ["link", "since", "link_reason", "ami_version", "compared"]})] if obj else []
        return [(None, {"fields": names}), *account, contexts, *state]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only one that nothing hangs on; any other is switched off."""
        is_free = obj is None or not (obj.lots.exists() or obj.name == MAIN)
        return is_free and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The boards and the bridges hear of it."""
        super().save_model(request, obj, form, change)
        announce({"kind": "lots"})

    @admin.display(description=_("address"))
    def place(self, pbx: Pbx) -> str:
        """Where its manager interface is, without who we are there."""
        try:
            address = watch_address(pbx)
        except CannotStart as error:
            return str(error)
        return address.place if address else "–"

    def get_urls(self) -> list[Any]:
        """With the comparison."""
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/drift/", view(self.drift_page), name="lots_pbx_drift"),
            path("<int:pk>/compare/", view(require_POST(self.compare)), name="lots_pbx_compare"),
            path("<int:pk>/publish/", view(require_POST(self.publish_ours)), name="lots_pbx_publish"),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=_("link"), ordering="link_state")
    def link(self, pbx: Pbx) -> str:
        """Whether it is heard."""
        look = LOOKS.get(pbx.link_state, "failed")
        return format_html('<span class="badge badge-{}">{}</span>', look, pbx.get_link_state_display())

    @admin.display(description=_("since"), ordering="link_since")
    def since(self, pbx: Pbx) -> str:
        """How long it has been so."""
        return moment(pbx.link_since)

    @admin.display(description=_("settings"))
    def compared(self, pbx: Pbx) -> str:
        """Whether it runs what was published."""
        look, words = ("failed", _("other than published")) if pbx.drift else ("live", _("as published"))
        if pbx.drift_checked_at is None:
            look, words = "found", _("not compared yet")
        return format_html('<span class="badge badge-{}">{}</span> {}', look, words, moment(pbx.drift_checked_at))

    def render_change_form(  # noqa: PLR0913, PLR0917  (the base class's signature)
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With links to what can be done with it."""
        context["tools"] = tools_for(request, "pbx", obj) if obj else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def drift_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the running PBX has otherwise than was published."""
        if not request.user.has_perm("lots.view_pbx"):
            raise PermissionDenied
        pbx = get_object_or_404(Pbx, pk=pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Compare with the PBX"),
            "pbx": pbx,
            "may": request.user.has_perm(MAY),
            "tools": tools_for(request, "pbx", pbx),
        }
        return TemplateResponse(request, "admin/lots/pbx/drift.html", context)

    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for a comparison now."""
        if not request.user.has_perm("lots.view_pbx"):
            raise PermissionDenied
        pbx = get_object_or_404(Pbx, pk=pk)
        if compare_now(pbx):
            messages.info(request, _("The bridge compares the PBX in a moment."))
        else:
            messages.error(request, _("The bridge does not run, so the PBX cannot be compared."))
        return redirect("admin:lots_pbx_drift", pk)

    def publish_ours(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let the PBX have again what was published last; changes made since wait for their own publication."""
        if not request.user.has_perm(MAY):
            raise PermissionDenied
        pbx = get_object_or_404(Pbx, pk=pk)
        last = live(pbx)
        if last is None:  # all there is would be what nobody has looked at yet
            messages.warning(request, _("Nothing was published yet. Look at what would be, and publish that."))
            return redirect("admin:lots_publication_preview", pk)
        try:
            row = want(pbx, request.user, last)  # type: ignore[arg-type]  # logged in
        except CannotPublish as error:
            messages.error(request, str(error))
            return redirect("admin:lots_pbx_drift", pk)
        return redirect("admin:lots_publication_progress", row.pk)
