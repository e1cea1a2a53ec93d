"""Whatever a file says, the operations make of it what it should say, in messages Asterisk takes."""

from hypothesis import given
from hypothesis import strategies as st

from lots.ami.wire import LONGEST_LINE, MOST_LINES
from lots.config.conf import EXTENSIONS, MUSIC, PARKING
from lots.config.content import Content, content_of, file_of, merged, read_content
from lots.config.layout import A_PART, LONGEST_WHOLE, inclusion, layout, part_name, staging_name, top_headers
from lots.config.operations import Header, can_be_reached, messages, operations
from tests.kit.fake_pbx import Sections, update

NAMES = st.sampled_from(["parkinglot", "parkinglot-a", "parkinglot-b", "Parkinglot-B", "default"])
VALUES = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20) | st.sampled_from(
    ["701,1,Park(a)", ">x", "a;b"]
)
LINES = st.lists(st.tuples(st.sampled_from(["exten", "same", "include", "parkpos"]), VALUES), max_size=40)
FILES = st.dictionaries(NAMES, LINES.map(tuple), max_size=5).filter(
    lambda file: len({name.lower() for name in file}) == len(file)
)


def fits(headers: list[Header]) -> None:
    """Beside Action, ActionID and the two file names; what ``lots.ami.wire.encode`` would refuse."""
    assert len(headers) + 4 <= MOST_LINES
    assert all(len(f"{name}: {value}\r\n".encode()) <= LONGEST_LINE for name, value in headers)


def made(now: Content, goal: Content) -> Sections:
    sections = [(name, list(lines)) for name, lines in now.items()]
    for headers in messages(operations(now, goal)):
        fits(headers)
        sections = update(sections, dict(headers))
    return sections


@given(now=FILES, goal=FILES)
def test_from_any_file_to_any_other(now: Content, goal: Content) -> None:
    if can_be_reached(now, goal):
        assert merged(made(now, goal)) == goal
    assert merged(made({}, goal)) == goal


@given(file=FILES)
def test_nothing_is_done_where_nothing_changes(file: Content) -> None:
    assert operations(file, file) == []


def test_names_that_differ_by_case_alone_are_one_to_asterisk() -> None:
    assert not can_be_reached({"Desk": ()}, {"desk": ()})
    assert can_be_reached({"Desk": ()}, {"Desk": (), "hall": ()})


@given(file=FILES)
def test_what_asterisk_reads_back_is_what_was_written(file: Content) -> None:
    answer = ["Response: Success", "ActionID: 1"]
    for number, (name, lines) in enumerate(file.items()):
        answer.append(f"Category-{number:06d}: {name}")
        answer += [f"Line-{number:06d}-{place:06d}: {key}={value}" for place, (key, value) in enumerate(lines)]
    assert read_content("\r\n".join(answer).encode()) == file


def test_templates_never_look_like_ours() -> None:
    plain = b"Response: Success\r\nCategory-000000: a\r\nLine-000000-000000: x=1"
    template = b"Response: Success\r\nCategory-000000: a\r\nIsTemplate-000000: 1\r\nLine-000000-000000: x=1"
    assert read_content(plain) != read_content(template)


def many(lots: int) -> Content:
    return {"parkinglot": (), "default": (("parkpos", "1-1"),)} | {
        f"lot-{number}": tuple(("exten", f"{number},{line},NoOp()") for line in range(20)) for number in range(lots)
    }


def test_a_file_of_usual_length_is_whole_and_a_very_long_one_has_parts() -> None:
    assert layout(EXTENSIONS, many(LONGEST_WHOLE // 30)).parts == ()
    for file in (EXTENSIONS, PARKING):
        content = many(1000)
        lay = layout(file, content)
        together = merged((name, lines) for part in (lay.top, *lay.parts) for name, lines in part.items())
        assert together == content
        sizes = [sum(len(lines) + 1 for lines in part.values()) for part in lay.parts]
        assert max(sizes) < 2 * A_PART
    assert layout(MUSIC, many(1000)).parts == (), "nothing stands there to include parts behind"


def test_one_changed_lot_changes_one_part() -> None:
    before, after = many(1000), {**many(1000), "lot-7": (("exten", "1,1,NoOp()"),)}
    old, new = layout(EXTENSIONS, before), layout(EXTENSIONS, after)
    assert sum(was != now for was, now in zip(old.parts, new.parts, strict=True)) == 1
    assert old.top == new.top


def test_a_part_is_included_by_its_name_and_a_staging_file_is_not() -> None:
    head, quoted, rest = inclusion(EXTENSIONS)[0].split('"')
    assert (head, rest) == ("#tryinclude ", " ;")
    before, _star, _after = quoted.partition("*")
    assert part_name(EXTENSIONS, 7).startswith(before)
    assert not staging_name(EXTENSIONS).startswith(before.rstrip("_"))
    assert not staging_name(part_name(EXTENSIONS, 7)).startswith(before.rstrip("_"))


def test_the_top_of_a_file_in_parts_is_one_message() -> None:
    top = layout(PARKING, many(1000)).top
    fits(top_headers(PARKING, top))


@given(file=FILES)
def test_a_file_for_people_says_the_same(file: Content) -> None:
    assert content_of(file_of(EXTENSIONS, file)) == file
