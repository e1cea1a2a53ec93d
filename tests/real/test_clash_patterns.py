"""Which extension answers a number: our reading of the dialplan against Asterisk's own.

Every extension made here is a hint with a name of its own, so AMI's ExtensionState tells which of them won.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lots.config.conf import EXTENSIONS
from lots.config.dialplan_view import HINT
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.dialplans import live_dialplan, restored, write_conf

# No empty set: Asterisk 16 reads "_7[]" otherwise than we do, and nobody writes it.
PLACES = st.sampled_from([*"0123789*#XxZzNn-", "[5-79]", "[12]", "[2-9]", "[0-]", "[*#]", "[1-3-5]", "a", "A", "[a-c]"])
PATTERNS = st.builds(
    lambda places, end: "_" + "".join(places) + end,
    st.lists(PLACES, min_size=1, max_size=4),
    st.sampled_from(["", "", ".", "!"]),
)
NUMBERS = st.text("01789*#a-", min_size=1, max_size=5).filter(lambda text: text.strip("-"))
CONTEXTS = st.lists(st.lists(PATTERNS | PATTERNS | NUMBERS, max_size=7, unique=True), min_size=3, max_size=3)
INCLUDES = st.lists(st.sampled_from(["d-0", "d-1", "d-2", "D-1", "d-gone"]), max_size=3)


@pytest.fixture
def ami(asterisk: RealAsterisk) -> Iterator[Ami]:
    with restored(asterisk, EXTENSIONS), asterisk.ami() as session:
        yield session


def written(contexts: list[list[str]], includes: list[list[str]]) -> str:
    text = ""
    for index, (extens, others) in enumerate(zip(contexts, includes, strict=True)):
        text += f"[d-{index}]\n" + "".join(f"include => {other}\n" for other in others)
        text += "".join(f"exten => {exten},hint,Custom:{index}-{n}\n" for n, exten in enumerate(extens))
    return text


def winner(ami: Ami, number: str) -> str:
    return ami.request("ExtensionState", Context="d-0", Exten=number).get("Hint", "").removeprefix("Custom:")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contexts=CONTEXTS,
    includes=st.lists(INCLUDES, min_size=3, max_size=3),
    dialled=st.lists(NUMBERS, min_size=12, max_size=12, unique=True),
)
def test_the_same_extension_wins(asterisk: RealAsterisk, ami: Ami, contexts, includes, dialled):
    write_conf(asterisk, EXTENSIONS, written(contexts, includes))
    ami.action("Reload", Module="pbx_config.so")
    plan = live_dialplan(ami)
    for number in [*dialled, *(exten for extens in contexts for exten in extens if not exten.startswith("_"))]:
        ours = plan.find("d-0", number, HINT)
        assert (ours.step.application.removeprefix("Custom:") if ours else "") == winner(ami, number), number
