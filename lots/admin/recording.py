"""Recordings in the admin: uploaded, converted while one looks on, listened to."""

import re
from functools import partial
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from lots.admin.base import Base
from lots.admin.one_pbx import refusing
from lots.admin.sound import duration, facts, player, standing
from lots.admin.spans import moment
from lots.audio import store
from lots.audio.uses import uses_of_recording
from lots.audio.words import too_big
from lots.audio.worker import kick, kick_if_needed
from lots.models import AudioFile
from lots.models.music import AUDIO

KEY = re.compile("[0-9]{1,18}")
MOST_ASKED = 500
"""Recordings one page may ask about."""


class RecordingForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A title and a file."""

    class Meta:
        model = AudioFile
        fields = ["title", "original"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("original"):
            accept = ",".join(["audio/*", *(f".{suffix}" for suffix in AUDIO)])
            limits = {"accept": accept, "data-max-bytes": settings.AUDIO_MAX_BYTES, "data-too-big": too_big()}
            field.widget = forms.FileInput(attrs=limits)

    def clean_original(self) -> Any:
        """Not above the limit."""
        file = self.cleaned_data["original"]
        if "original" in self.changed_data and file.size > settings.AUDIO_MAX_BYTES:
            raise forms.ValidationError(too_big())
        return file

    def clean(self) -> None:
        """Without a title the file's name is one."""
        super().clean()
        file = self.cleaned_data.get("original")
        if not self.cleaned_data.get("title") and file:
            stem = PurePath(file.name).stem.replace("_", " ").strip()
            self.cleaned_data["title"] = self.instance.title or stem[:80] or _("Recording")


@admin.register(AudioFile)
class RecordingAdmin(Base):
    """One list for all recordings, wherever they are used."""

    form = RecordingForm
    list_display = ["title", "listen", "length", "status", "used", "kilobytes", "uploaded"]
    list_filter = ["state"]
    search_fields = ["title"]
    actions = ["again"]
    nothing_yet = gettext_lazy(
        "No recording was uploaded so far. Hold music, messages to callers and announcements play those that are."
    )

    def get_fields(self, request: HttpRequest, obj: AudioFile | None = None) -> Any:  # noqa: ARG002  (Django's signature)
        """What is known of it, once it is there."""
        return ["title", "original", "listen", "length", "status", "used"] if obj else ["title", "original"]

    def get_readonly_fields(self, request: HttpRequest, obj: AudioFile | None = None) -> Any:  # noqa: ARG002  (as above)
        """All that is only shown."""
        return ["listen", "length", "status", "used"] if obj else []

    def get_urls(self) -> list[Any]:
        """With the state of recordings as JSON."""
        view = self.admin_site.admin_view(require_safe(self.status_view))
        return [path("status/", view, name="lots_audiofile_status"), *super().get_urls()]

    def status_view(self, request: HttpRequest) -> HttpResponse:
        """``?id=1&id=2``: how far each is. Whoever asks also sees to it that somebody is at work."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        kick_if_needed()
        ids = [int(pk) for pk in request.GET.getlist("id")[:MOST_ASKED] if KEY.fullmatch(pk)]
        return JsonResponse({str(audio.pk): facts(audio) for audio in AudioFile.objects.filter(pk__in=ids)})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Whoever looks at the list sets to work what was left."""
        kick_if_needed()
        return super().changelist_view(request, extra_context)

    def save_model(self, request: HttpRequest, obj: AudioFile, form: Any, change: bool) -> None:
        """A new file waits to be converted; the one before is forgotten."""
        new = "original" in form.changed_data
        before = AudioFile.objects.get(pk=obj.pk).original.name if change and new else ""
        if new or "_again" in request.POST:
            obj.state, obj.percent, obj.error, obj.size = AudioFile.WAITING, 0, "", obj.original.size
        super().save_model(request, obj, form, change)
        transaction.on_commit(kick)
        if before:
            transaction.on_commit(partial(store.forget, obj.original.storage, before, ""))
        if new and (same := AudioFile.objects.filter(original=obj.original.name).exclude(pk=obj.pk).first()):
            self.message_user(request, _("The same file is here already, as “%s”.") % same, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: AudioFile) -> None:
        """With its files."""
        self.delete_queryset(request, AudioFile.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """With their files."""
        gone = [(audio.original.storage, audio.original.name, audio.digest) for audio in queryset]
        super().delete_queryset(request, queryset)
        for storage, original, digest in gone:
            transaction.on_commit(partial(store.forget, storage, original, digest))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Not those somebody needs."""
        uses = [f"{audio}: {', '.join(names)}" for audio in objs if (names := uses_of_recording(audio))]
        return refusing(super().get_deleted_objects(objs, request), uses)

    @admin.action(description=gettext_lazy("Convert again"), permissions=["change"])
    def again(self, request: HttpRequest, chosen: QuerySet[AudioFile]) -> None:
        """Try once more, as after ffmpeg was installed."""
        count = chosen.update(state=AudioFile.WAITING, percent=0, error="")
        transaction.on_commit(kick)
        words = ngettext("%d recording is converted again.", "%d recordings are converted again.", count)
        self.message_user(request, words % count)

    @admin.display(description=gettext_lazy("listen"))
    def listen(self, audio: AudioFile) -> SafeString:
        """As telephones will play it."""
        return player(audio)

    @admin.display(description=gettext_lazy("length"), ordering="seconds")
    def length(self, audio: AudioFile) -> SafeString:
        """Minutes and seconds."""
        return duration(audio)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def status(self, audio: AudioFile) -> SafeString:
        """Kept up to date by the page."""
        return standing(audio)

    @admin.display(description=gettext_lazy("used in"))
    def used(self, audio: AudioFile) -> str:
        """Who plays it."""
        return ", ".join(uses_of_recording(audio)) or "–"

    @admin.display(description=gettext_lazy("uploaded"), ordering="uploaded_at")
    def uploaded(self, audio: AudioFile) -> str:
        """In the reader's own time zone."""
        return moment(audio.uploaded_at)

    @admin.display(description=gettext_lazy("size"), ordering="size")
    def kilobytes(self, audio: AudioFile) -> str:
        """Of the file as it came."""
        return filesizeformat(audio.size)
