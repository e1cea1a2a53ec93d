"""The database's managed lots as the values ``lots.config`` works on. Synchronous ORM code, nothing else."""

from django.conf import settings

from lots.config import gate
from lots.config.setup import Door, Lot, Music, MusicKind, Prefix, Setup, Side, Step, StepKind, WhenFull
from lots.models import AudioFile, FallbackStep, HoldMusic, ParkedCall, ParkingLot, Pbx


def setup_of(pbx: Pbx) -> Setup:
    """Everything ``pbx`` should be told. Raises ``UnsafeValue`` where a row holds what the gate refuses."""
    rows = pbx.lots.filter(observed=False).select_related("music", "overflow", "message_recording").order_by("name")
    rows = rows.prefetch_related("steps__phones", "steps__target", "outside_numbers")
    music = pbx.music.order_by("name").prefetch_related("tracks__audio")
    waiting = ParkedCall.objects.filter(lot__pbx=pbx, ended_at=None).values("lot")
    return Setup(
        lots=tuple(lot_of(row) for row in rows.filter(retired=False)),
        music=tuple(music_of(row) for row in music),
        leaving=tuple(lot_of(row) for row in rows.filter(retired=True, pk__in=waiting)),
    )


def lot_of(row: ParkingLot) -> Lot:
    """One lot with its steps and numbers as the database has them."""
    steps = tuple(step_of(step, tuple(phone.device for phone in step.phones.all())) for step in row.steps.all())
    return lot_with(row, steps, tuple(number.number for number in row.outside_numbers.all()))


def lot_with(row: ParkingLot, steps: tuple[Step, ...], numbers: tuple[str, ...]) -> Lot:
    """A lot, saved or not, with these steps and outside numbers."""
    return Lot(
        name=row.name,
        label=row.label,
        park_code=row.park_code,
        retrieve_code=row.retrieve_code,
        next_code=row.next_code,
        first=row.first_slot,
        last=row.last_slot,
        next_slot=row.next_slot,
        separate=row.separate,
        timeout=row.timeout,
        reminder=row.reminder,
        ring_parker=row.ring_parker,
        prefix=Prefix(text=row.prefix_text, slot=row.prefix_slot, number=row.prefix_number, name=row.prefix_name),
        alert_info=row.alert_info,
        steps=steps,
        message=_message(row),
        when_full=WhenFull(row.when_full),
        overflow=row.overflow.name if row.overflow else "",
        music=row.music.name if row.music else "",
        door=Door(
            numbers=numbers,
            pin_salt=row.pin_salt,
            pin_hash=row.pin_hash,
        ),
        announce=row.announce,
        courtesy_tone=row.courtesy_tone,
        courtesy_to=Side(row.courtesy_to),
        transfers=Side(row.transfers),
        reparking=Side(row.reparking),
        own=own_audio(),
        lan=settings.STREAMS_FROM_LAN,
    )


def step_of(row: FallbackStep, devices: tuple[str, ...]) -> Step:
    """One step of the fallback that rings these devices."""
    context, exten, priority = (*row.location.split(",", 2), "", "")[:3]
    return Step(
        kind=StepKind(row.kind),
        devices=devices,
        seconds=row.seconds,
        mailbox=row.mailbox,
        lot=row.target.name if row.target else "",
        context=context.strip(),
        exten=exten.strip(),
        priority=priority.strip() or "1",
    )


def music_of(row: HoldMusic) -> Music:
    """One class of hold music; recordings that are not converted (yet) are left out."""
    ready = [track.audio for track in row.tracks.all() if track.audio.digest]
    return Music(
        name=row.name,
        kind=MusicKind(row.kind),
        urls=tuple(audio_url(audio) for audio in ready),
        directory=row.directory,
        stream=row.stream,
        decoder=row.decoder,
        programs=settings.DECODER_DIR,
        sort=row.sort,
        lan=settings.STREAMS_FROM_LAN,
    )


def _message(row: ParkingLot) -> str:
    """What the caller hears before the first step: the recording, once it is converted, else Asterisk's own sound."""
    recording = row.message_recording
    return audio_url(recording) if recording and recording.digest else row.message


def audio_url(audio: AudioFile) -> str:
    """Where Asterisk fetches a recording: its content's hash is its name, so it may keep it for ever."""
    return f"{own_audio()}{audio.digest}.wav"


def own_audio() -> str:
    """The beginning of all these addresses."""
    return f"{settings.PORTAL_URL}/audio/"


def check_sound(value: str) -> None:
    """Raises ``UnsafeValue`` unless it is a sound a lot may have."""
    gate.check_sound("", value, own=own_audio(), lan=settings.STREAMS_FROM_LAN)
