"""What reaches Asterisk passes the gate: whole values, and no address inside the PBX's network but our recordings'."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from lots.config import gate
from lots.config.gate import UnsafeValue
from lots.config.setup import Lot, Music, MusicKind
from lots.models.paging import MULTICAST
from lots.models.phone import DEVICE, NUMBER
from lots.publish.setup import check_sound

OWN = "http://127.0.0.1:8000/audio/"
RECORDING = f"{OWN}{'a' * 64}.wav"


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (DEVICE, "PJSIP/201"),
        (DEVICE, "Local/9@x/n"),
        (NUMBER, "201"),
        (MULTICAST, "239.255.0.1:5004"),
        *(
            (lambda value, check=check: check("", value), value)
            for check, value in [
                (gate.check_name, "desk"),
                (gate.check_code, "*8"),
                (gate.check_exten, "s"),
                (gate.check_number, "+49"),
                (gate.check_context, "ivr"),
                (gate.check_priority, "1"),
                (gate.check_device, "PJSIP/201"),
                (gate.check_mailbox, "1@x"),
                (gate.check_sound, "beep"),
                (gate.check_alert_info, "<http://x>"),
                (gate.check_class, "jazz"),
                (gate.check_hex, "ab"),
                (gate.check_directory, "/moh"),
                (gate.check_url, "http://x.example/a"),
            ]
        ),
    ],
)
def test_a_line_end_behind_a_good_value_is_refused(check: Callable[[str], None], value: str) -> None:
    check(value)
    with pytest.raises((ValidationError, UnsafeValue)):
        check(f"{value}\n")


INSIDE = [
    *("http://127.0.0.1:8000/x.wav", "http://10.0.0.1/a.wav", "http://pbx/a.wav", "https://[::1]/a"),
    *(
        "http://169.254.169.254/latest",
        f"{OWN}{'a' * 63}.wav",
        f"{OWN}../admin/",
        f"{RECORDING}?x=1",
        "http://127%2e0.0.1/",
    ),
]


@pytest.mark.parametrize("field", ["message", "courtesy_tone"])
@pytest.mark.parametrize("url", INSIDE)
def test_no_sound_is_fetched_from_inside(field: str, url: str) -> None:
    with pytest.raises(UnsafeValue):
        Lot(name="desk", own=OWN, **{field: url})  # type: ignore[arg-type]


@pytest.mark.parametrize("url", ["http://sounds.example.org/a.wav", RECORDING, "beep", ""])
def test_the_internets_sounds_and_our_own_recordings_are_played(url: str) -> None:
    assert Lot(name="desk", own=OWN, message=url, courtesy_tone=url).message == url


def test_only_where_it_is_allowed_sounds_and_streams_come_from_inside() -> None:
    url = "http://10.0.0.1/a.wav"
    assert Lot(name="desk", lan=True, message=url).message == url
    assert Music(name="x", kind=MusicKind.STREAM, stream=url, lan=True).stream == url
    with pytest.raises(UnsafeValue, match="private network"):
        Music(name="x", kind=MusicKind.STREAM, stream=url)
    with pytest.raises(UnsafeValue, match="private network"):
        Lot(name="desk", message=RECORDING)


def test_what_is_typed_is_judged_by_the_portals_settings(settings: object) -> None:
    settings.PORTAL_URL, settings.STREAMS_FROM_LAN = "http://127.0.0.1:8000", False  # type: ignore[attr-defined]
    check_sound(RECORDING)
    with pytest.raises(UnsafeValue, match="private network"):
        check_sound("http://10.0.0.1/a.wav")
    settings.STREAMS_FROM_LAN = True  # type: ignore[attr-defined]
    check_sound("http://10.0.0.1/a.wav")
