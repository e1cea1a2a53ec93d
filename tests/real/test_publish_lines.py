"""Any line the gate lets pass reaches Asterisk as it was meant; the publisher itself compares files and dialplan."""

import pytest
from asgiref.sync import async_to_sync
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lots.config.conf import EXTENSIONS, Line, Section, exten
from lots.config.gate import UnsafeValue
from lots.config.render import render
from lots.config.setup import Setup
from lots.models import Pbx, Publication
from lots.publish.publications import State
from lots.publish.stored import stored
from tests.kit.asterisk import RealAsterisk
from tests.kit.publishing import Publishing

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = [
    *("a;b", "a\\;b", ";", "[a]", "]", "[", "${SHELL(id)}", "$[1+1]", '"', "'", ",", "a,b", "(", ")", "a)b", "=>", ">"),
    *("#include x", "#exec /bin/true", ";--", "--;", "\\", "a\\", "🚗", "\u202eabc\u202c", "ß" * 400, "x" * 880, "n,1"),
    *(
        "a=b",
        "=",
        "a+=b",
        "!",
        "|",
        "&",
        "%",
        "(!)",
        "NoOp(",
        "\t",
        " a ",
        "a\nb",
        "a\rb",
        "a\0b",
        "\u2028",
        "x" * 10_000,
    ),
]
VALUES = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def line(number: int, value: str) -> Line | None:
    """None: the gate refuses it."""
    try:
        return exten(f"x{number}", 1, f"NoOp({value})")
    except UnsafeValue:
        return None


def test_the_gate_refuses_what_asterisk_could_not_read_back() -> None:
    refused = [value for value in HOSTILE if line(1, value) is None]
    assert {"a\nb", "a\rb", "a\0b", "\u2028", "x" * 10_000} <= set(refused)
    assert len(refused) < len(HOSTILE) / 3


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(VALUES, min_size=10, max_size=40))
def test_what_passes_is_what_asterisk_has(asterisk: RealAsterisk, values: list[str]) -> None:
    lines = tuple(found for number, value in enumerate((*values, *HOSTILE)) if (found := line(number, value)))

    async def publish() -> None:
        pbx, _made = await Pbx.objects.aget_or_create(name="main")
        files = render(Setup())
        file = files[EXTENSIONS]
        odd = Section("parkinglot-odd", lines)
        files = {**files, EXTENSIONS: type(file)(EXTENSIONS, (*file.sections, odd))}
        publishing = Publishing(asterisk, pbx)
        row = await publishing.do(await Publication.objects.acreate(pbx=pbx, files=stored(files)))
        assert row.state == State.LIVE, row.message
        assert await publishing.look() == {}
        await publishing.live(Setup())

    async_to_sync(publish)()
