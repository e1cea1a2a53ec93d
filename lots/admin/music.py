"""Hold music in the admin."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lots.admin.lot_fields import one_line
from lots.admin.one_pbx import OnePbxAdmin, refusing
from lots.admin.sound import duration, player, standing
from lots.audio.uses import uses_of_music
from lots.config.gate import UnsafeValue, check_class, check_directory
from lots.config.hosts import is_public
from lots.config.setup import MusicKind
from lots.config.streams import longest_stream, stream_command
from lots.models import HoldMusic, MusicTrack
from lots.publish.translated import translated


class MusicForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Each source has fields of its own."""

    class Meta:
        model = HoldMusic
        fields = ["label", "pbx", "kind", "name", "directory", "stream", "decoder", "sort"]
        widgets = {"stream": forms.URLInput(attrs={"size": 60})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A class of the PBX's own stays one: its name is all there is of it."""
        super().__init__(*args, **kwargs)
        if self.instance.pk and "kind" in self.fields:
            own = self.instance.kind == MusicKind.EXISTING
            kinds = [one for one in HoldMusic.KINDS if (one[0] == MusicKind.EXISTING) == own]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if "name" in self.fields:
            self.fields["name"].help_text = _(
                "As it stands in brackets in the PBX’s musiconhold.conf, such as default."
            )

    def clean_label(self) -> str:
        """For people."""
        return one_line(self.cleaned_data["label"])

    def clean(self) -> None:
        """The fields of the chosen source."""
        super().clean()
        if "name" in self.fields and self.cleaned_data.get("kind") != MusicKind.EXISTING:
            self.cleaned_data["name"] = ""  # it gets one of our own when it is saved
        match self.cleaned_data.get("kind"):
            case MusicKind.EXISTING.value if "name" in self.fields:
                self._check("name", self._check_name)
            case MusicKind.DIRECTORY.value:
                self._check("directory", lambda: check_directory(_("Directory"), self.cleaned_data["directory"]))
            case MusicKind.STREAM.value:
                self._check("stream", self._check_stream)

    def _check(self, name: str, check: Any) -> None:
        if name not in self.cleaned_data:
            return  # the field has said what is wrong
        try:
            check()
        except UnsafeValue as error:
            self.add_error(name, translated(error))

    def _check_name(self) -> None:
        name, pbx = self.cleaned_data["name"], self.cleaned_data.get("pbx")
        if not name:
            raise UnsafeValue(_("Write what the class is called on the PBX."))
        check_class(_("Class"), name)
        if known := HoldMusic.objects.filter(pbx=pbx, name=name).first():
            raise UnsafeValue(_("It is here already, as “%s”.") % known)

    def _check_stream(self) -> None:
        url, decoder = self.cleaned_data["stream"], self.cleaned_data.get("decoder", "ffmpeg")
        most = longest_stream(decoder, settings.DECODER_DIR)
        if len(url) > most:
            words = _("With %(decoder)s an address may have %(most)d characters; Asterisk keeps no longer command.")
            raise UnsafeValue(words % {"decoder": decoder, "most": most})
        stream_command(decoder, url, settings.DECODER_DIR)
        if not settings.STREAMS_FROM_LAN and not is_public(url):
            raise UnsafeValue(
                _(
                    "This address is inside a private network. The PBX fetches it, so only addresses of the internet "
                    "are allowed. STREAMS_FROM_LAN=on in the portal's settings allows others."
                )
            )


class TrackInline(admin.TabularInline):  # type: ignore[type-arg]  # as above
    """The recordings of a class, in playing order."""

    model = MusicTrack
    extra = 0
    verbose_name = gettext_lazy("recording")
    verbose_name_plural = gettext_lazy("recordings, in the order they are played")
    fields = ["audio", "listen", "length", "status", "position"]
    readonly_fields = ["listen", "length", "status"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  (as Django calls it)
        """Who may change the class may change what it plays."""
        return request.user.has_perm("lots.add_holdmusic") or request.user.has_perm("lots.change_holdmusic")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As above."""
        return self.has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As above."""
        return self.has_add_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may see the class."""
        return request.user.has_perm("lots.view_holdmusic") or self.has_add_permission(request, obj)

    @admin.display(description=gettext_lazy("listen"))
    def listen(self, track: MusicTrack) -> SafeString | str:
        """As callers hear it."""
        return player(track.audio) if track.audio_id else ""

    @admin.display(description=gettext_lazy("length"))
    def length(self, track: MusicTrack) -> SafeString | str:
        """Minutes and seconds."""
        return duration(track.audio) if track.audio_id else ""

    @admin.display(description=gettext_lazy("state"))
    def status(self, track: MusicTrack) -> SafeString | str:
        """Whether it can be played yet."""
        return standing(track.audio) if track.audio_id else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the recordings, which every row shows."""
        tracks: QuerySet[Any] = super().get_queryset(request)
        return tracks.select_related("audio")


@admin.register(HoldMusic)
class HoldMusicAdmin(OnePbxAdmin):
    """Classes of hold music; the page shows the fields of the chosen source only."""

    form = MusicForm
    inlines = [TrackInline]
    list_display = ["label", "kind", "content", "used", "name"]
    list_filter = ["kind", "pbx"]
    search_fields = ["label", "name", "directory", "stream"]
    nothing_yet = gettext_lazy("No hold music is set up here: callers hear what the PBX has as its default.")

    def get_fields(self, request: HttpRequest, obj: HoldMusic | None = None) -> Any:  # noqa: ARG002  (Django's signature)
        """Name and use, once they are known; of a new one the name of a class the PBX has."""
        fields = list(MusicForm.Meta.fields)
        return [*(name for name in fields if name != "name"), "name", "used"] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: HoldMusic | None = None) -> Any:  # noqa: ARG002  (as above)
        """The name stays."""
        return ["name", "used"] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of recordings."""
        music: QuerySet[Any] = super().get_queryset(request)
        return cast("QuerySet[Any]", music.annotate(count=Count("tracks")))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Number the tracks, and say so when nothing can be played."""
        super().save_related(request, form, formsets, change)
        tracks = list(form.instance.tracks.select_related("audio"))
        for position, track in enumerate(tracks, start=1):
            MusicTrack.objects.filter(pk=track.pk).exclude(position=position).update(position=position)
        if form.instance.kind == MusicKind.UPLOADS and not any(track.audio.digest for track in tracks):
            words = _("There is no recording in it that is ready. Until then callers hear the PBX's default music.")
            self.message_user(request, words, messages.WARNING)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Not what callers of a lot hear."""
        uses = [f"{music}: {', '.join(names)}" for music in objs if (names := uses_of_music(music))]
        return refusing(super().get_deleted_objects(objs, request), uses)

    @admin.display(description=gettext_lazy("what is played"))
    def content(self, music: Any) -> str:
        """Directory, address, or how many recordings."""
        match MusicKind(music.kind):
            case MusicKind.DIRECTORY:
                return str(music.directory)
            case MusicKind.STREAM:
                return str(music.stream)
            case MusicKind.EXISTING:
                return str(_("whatever the PBX has in it"))
        return str(ngettext("%d recording", "%d recordings", music.count) % music.count)

    @admin.display(description=gettext_lazy("used in"))
    def used(self, music: HoldMusic) -> str:
        """Lots."""
        return ", ".join(uses_of_music(music)) or "–"
