"""What differs: whose it is, line by line, and as edits of a dialplan that runs."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.config.conf import EXTENSIONS, PARKING, ConfFile, Line, Section, exten, include, option
from lots.config.content import Content
from lots.config.diff import Difference, differences, texts
from lots.config.edits import MANY_HINTS, MOST_CONTEXTS, edits
from lots.config.meant import foreign, meant_lots, shown, steps, wrong_context, wrong_native

SECTIONS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"), st.lists(st.integers(0, 9).map(lambda n: exten(str(n), 1, "NoOp")), max_size=12)
    ),
    max_size=6,
    unique_by=lambda pair: pair[0],
)


def file(sections: list[tuple[str, list[Line]]]) -> ConfFile:
    return ConfFile(EXTENSIONS, tuple(Section(name, tuple(lines), f"lot:{name}") for name, lines in sections))


@given(before=SECTIONS, after=SECTIONS)
def test_patch_makes_the_new_file_of_the_old_one(
    before: list[tuple[str, list[Line]]], after: list[tuple[str, list[Line]]]
) -> None:
    """Up to the order of sections, which means nothing to Asterisk."""
    old, new = file(before), file(after)
    text = texts({EXTENSIONS: old}, {EXTENSIONS: new}).get(EXTENSIONS, "")
    assert bool(text) == (dict(before) != dict(after))
    lines = [line for line in text.splitlines() if not line.startswith(("---", "+++"))]
    gone = [line[1:] for line in lines if line.startswith("-")]
    come = [line[1:] for line in lines if line.startswith("+")]
    kept = sorted(line for line in (*old.text.splitlines(), *come) if line)
    assert kept == sorted(line for line in (*new.text.splitlines(), *gone) if line)


@given(
    rows=st.lists(st.integers(0, 9).map(lambda n: exten(str(n), 1, "NoOp")), min_size=1, max_size=30), data=st.data()
)
def test_patch_itself_takes_it(rows: list[Line], data: st.DataObject) -> None:
    changed = list(rows)
    changed[data.draw(st.integers(0, len(rows) - 1))] = option("x", 1)
    old = file([("a", rows), ("b", rows), ("c", rows)])
    new = file([("a", rows), ("b", changed), ("c", rows)])
    text = texts({EXTENSIONS: old}, {EXTENSIONS: new})[EXTENSIONS]
    numbers = text.splitlines()[2].split()[1:3]
    for number, whole in zip(numbers, (old, new), strict=True):
        start, length = map(int, number[1:].split(","))
        sign = "-+"[whole is new]
        part = [line[1:] for line in text.splitlines()[3:] if line[0] in {" ", sign}]
        assert whole.text.splitlines()[start - 1 : start - 1 + length] == part


def test_diff_1_can_be_patched(tmp_path: Path) -> None:
    old, new = file([("a", [option("x", 1)]), ("b", [])]), file([("a", [option("x", 2)]), ("b", [option("y", 1)])])
    (tmp_path / EXTENSIONS).write_text(old.text)
    text = texts({EXTENSIONS: old}, {EXTENSIONS: new})[EXTENSIONS]
    try:
        done = subprocess.run(["patch", "-p0"], cwd=tmp_path, input=text.encode(), capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no patch(1) here")
    assert done.returncode == 0, done.stdout
    assert (tmp_path / EXTENSIONS).read_text() == new.text


def test_whose_it_is() -> None:
    shared = Section("parkinglot", (include("parkinglot-a"),))
    before = {EXTENSIONS: ConfFile(EXTENSIONS, (shared, Section("parkinglot-a", (), "lot:a")))}
    more = Section("parkinglot", (include("parkinglot-a"), include("parkinglot-b")))
    after = {EXTENSIONS: ConfFile(EXTENSIONS, (more, Section("parkinglot-b", (), "lot:b")))}
    assert differences(before, after) == (Difference("lot:b", "added"), Difference("lot:a", "removed"))
    routine = Section("parkinglot", (include("parkinglot-a"), exten("s", 1, "NoOp")))
    changed = {EXTENSIONS: ConfFile(EXTENSIONS, (routine, Section("parkinglot-a", (), "lot:a")))}
    assert differences(before, changed) == (Difference("", "changed"),)
    assert differences(before, before) == ()
    assert differences({}, before)


# --- edits

MANY: Content = {f"lot{n}": (("exten", f"{n},hint,park:{n}@x"),) for n in range(MANY_HINTS)}
STEPS = st.lists(
    st.tuples(st.sampled_from(["1", "2", "701"]), st.lists(st.sampled_from(["A", "B(x)", "C(1,2)"]), max_size=4)),
    max_size=3,
    unique_by=lambda one: one[0],
).map(
    lambda some: tuple(
        line
        for name, applications in some
        for line in [
            *(("exten", f"{name},1,{first}") for first in applications[:1]),
            *(("same", f"n,{other}") for other in applications[1:]),
        ]
    )
)


@given(before=STEPS, after=STEPS)
def test_edits_make_the_new_context_of_the_old_one(before: tuple, after: tuple) -> None:
    running = {(exten, priority): step for exten, priority, step, _label in steps(before)}
    found = edits({**MANY, "a": before}, {**MANY, "a": after})
    assert found is not None
    for edit in found:
        if edit.step is None:
            del running[edit.exten, edit.priority]
        else:
            running[edit.exten, edit.priority] = edit.step
    assert running == {(exten, priority): step for exten, priority, step, _label in steps(after)}


def test_what_no_edit_can_do_is_loaded_anew() -> None:
    one, two = (("exten", "1,1,A"),), (("exten", "1,1,B"),)
    assert edits({"a": one}, {"a": two}) is None, "few hints: loading is quick"
    assert edits({**MANY, "a": one}, {**MANY, "a": (*one, ("include", "b"))}) is None
    assert edits({**MANY, "a": one}, {**MANY, "a": (("exten", "1,1(x),B"),)}) is None
    assert edits({**MANY, "a": (("exten", "1,1(x),A"),)}, {**MANY, "a": two}) is None
    some = {f"c{n}": one for n in range(MOST_CONTEXTS + 1)}
    assert edits(MANY, {**MANY, **some}) is None
    assert edits(MANY, {**MANY, "c1": one}) is not None


# --- what Asterisk shows


def item(context: str, exten: str, priority: str, app: str = "Park", data: str = "a", by: str = "pbx_config") -> dict:
    keys = ("Context", "Extension", "Priority", "Application", "AppData", "Registrar")
    return dict(zip(keys, (context, exten, priority, app, data, by), strict=True))


def test_lines_are_read_as_asterisk_does() -> None:
    lines = [("exten", "701,1,Park(a)"), ("same", "n(x),GotoIf($[(1)]?y:z)"), ("exten", "701,hint,park:701@a")]
    assert list(steps(lines)) == [
        ("701", "1", ("Park", "a"), ""),
        ("701", "2", ("GotoIf", "$[(1)]?y:z"), "x"),
        ("701", "hint", ("park:701@a", ""), ""),
    ]


def test_a_context_has_at_least_what_was_written() -> None:
    lines = [("exten", "701,1,Park(a)"), ("include", "b")]
    right = [item("a", "701", "1"), item("a", "9", "1"), {"Context": "a", "IncludeContext": "b"}]
    assert wrong_context("a", lines, shown(right)["a"]) == ""
    assert "should be Park(a) and is Park(b)" in wrong_context(
        "a", lines, shown([item("a", "701", "1", data="b")])["a"]
    )
    assert "is nothing" in wrong_context("a", lines, shown([item("a", "9", "1")])["a"])
    assert "does not include b" in wrong_context("a", lines, shown(right[:2])["a"])
    assert "no context a" in wrong_context("a", lines, None)


def test_parking_s_own_extensions() -> None:
    [lot] = meant_lots({"a": (("parkext", "700"), ("parkpos", "701-702"), ("context", "n"))})
    own = [item("n", number, "1", by="res_parking/a") for number in ("700", "701", "702")]
    assert wrong_native(lot, shown(own)["n"]) == ""
    assert "702" in wrong_native(lot, shown(own[:2])["n"])
    assert "700" in wrong_native(lot, None)
    assert foreign(lot, shown(own)["n"]) == foreign(lot, None) == ""
    assert "701 stands in the context n already" in foreign(lot, shown([item("n", "701", "1")])["n"])


def test_lots_somebody_else_wrote_can_be_read() -> None:
    [lot] = meant_lots({"a": (("parkpos", "rubbish"), ("parkingtime", "")), "general": ()})
    assert (lot.first, lot.last, lot.timeout) == (-1, -1, -1)
    assert [lot.timeout for lot in meant_lots({"b": ()})] == [45]
    assert meant_lots({PARKING: ()})[0].context == "parkedcalls"
