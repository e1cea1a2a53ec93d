"""Sound in the admin, in a real browser: uploaded, converted while one looks on, listened to, put in order."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.elements import assert_accessible
from tests.kit.portal import Portal
from tests.kit.sound import audio_file, wav

NOBODY = "ami://nobody:nothing@127.0.0.1:1"
"""No Asterisk is needed to upload."""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with Portal(tmp_path_factory.mktemp("portal"), NOBODY, env={"AUDIO_MAX_MB": "20"}) as running:
        yield running


HEARD = """(audio, time) => new Promise((done) => {
    const look = () => { if (audio.currentTime > time) done(true); };
    audio.addEventListener("timeupdate", look);
    look();
})"""
"""Wait until the player is beyond a time, in seconds."""

Open = Callable[[str], None]


@pytest.fixture
def go(page: Page, portal: Portal) -> Open:
    """Opens a page of the administration as Alex, who may do everything."""
    page.set_default_timeout(8_000)
    name, value = portal.cookie("alex")
    page.context.add_cookies([{"name": name, "value": value, "url": portal.url()}])

    def visit(path: str) -> None:
        answer = page.goto(f"{portal.url()}/admin/lots/{path}")
        assert answer is not None
        assert answer.ok

    return visit


def upload(page: Page, go: Open, file: Path) -> None:
    go("audiofile/add/")
    page.get_by_label("File").set_input_files(str(file))
    page.get_by_role("button", name="Save", exact=True).click()


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("row").filter(has_text=title)


def test_an_upload_is_converted_before_ones_eyes_and_heard(page: Page, go: Open, tmp_path: Path) -> None:
    upload(page, go, audio_file(tmp_path, "Long_evening.mp3", seconds=3500, options=("-b:a", "24k", "-ar", "22050")))
    page.evaluate("window.sameVisit = true")
    mine = row(page, "Long evening")
    expect(mine.locator("[data-audio]")).to_have_attribute("data-state", re.compile("waiting|working"))
    expect(mine.get_by_role("progressbar")).to_be_visible()
    assert_accessible(page)
    expect(mine.locator("[data-audio]")).to_have_attribute("data-state", "ready", timeout=30_000)
    expect(mine).to_contain_text("58:20")
    expect(mine.get_by_role("progressbar")).to_be_hidden()
    player = mine.locator("audio")
    expect(player).to_be_visible()
    player.evaluate("audio => { audio.muted = true; return audio.play(); }")
    player.evaluate(HEARD, 0.2)
    assert player.evaluate("audio => Math.round(audio.duration)") == 3500
    player.evaluate("audio => { audio.currentTime = 3000; }")  # asks for a part of the file
    player.evaluate(HEARD, 3000.1)
    assert page.evaluate("window.sameVisit"), "the page was loaded anew"
    assert_accessible(page)


def test_a_file_without_sound_says_what_to_do(page: Page, go: Open, tmp_path: Path) -> None:
    file = tmp_path / "Words.mp3"
    file.write_text("only words " * 1000)
    upload(page, go, file)
    mine = row(page, "Words")
    expect(mine).to_contain_text("There is no sound in this file. Upload a recording", timeout=15_000)
    expect(mine.locator("audio")).to_be_hidden()
    assert_accessible(page)
    mine.get_by_role("link", name="Words").click()
    expect(page.get_by_role("button", name="Convert again")).to_be_visible()
    assert_accessible(page)


def test_a_file_that_is_too_large_is_named_before_it_is_sent(page: Page, go: Open, tmp_path: Path) -> None:
    file = tmp_path / "huge.wav"
    with file.open("wb") as sparse:
        sparse.truncate(21_000_000)
    go("audiofile/add/")
    field = page.get_by_label("File")
    field.set_input_files(str(file))
    assert "at most 20 MB" in field.evaluate("field => field.validationMessage")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile(r"/audiofile/add/$"))


def test_hold_music_shows_the_fields_of_its_source_and_keeps_an_order(page: Page, go: Open, tmp_path: Path) -> None:
    for number, title in enumerate(("Morning", "Noon", "Night")):
        file = tmp_path / f"{title}.wav"
        file.write_bytes(wav(400 + 100 * number, 1))
        upload(page, go, file)
        expect(row(page, title).locator("[data-audio]")).to_have_attribute("data-state", "ready", timeout=15_000)
    go("holdmusic/add/")
    directory, stream = page.get_by_label("Directory"), page.get_by_label("Stream")
    expect(directory).to_be_hidden()
    expect(stream).to_be_hidden()
    page.get_by_label("Source").select_option("stream")
    expect(stream).to_be_visible()
    expect(page.get_by_label("Decoder")).to_be_visible()
    expect(page.locator("#tracks-group")).to_be_hidden()
    page.get_by_label("Source").select_option("directory")
    expect(directory).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Source").select_option("uploads")
    page.locator("#id_label").fill("Day & night")
    for index, title in enumerate(("Morning", "Noon", "Night")):
        page.get_by_role("button", name="Add another Recording").click()
        page.locator(f"#id_tracks-{index}-audio").select_option(label=title)
    page.locator("#tracks-2").get_by_role("button", name="Earlier").click()
    page.locator("#tracks-0").get_by_role("button", name="Later").click()
    expect(page.locator("#tracks-2").get_by_role("button", name="Earlier")).to_be_disabled()
    page.get_by_role("button", name="Save and continue editing").click()
    titles = page.locator("#tracks-group select[name$='-audio'] option:checked")
    expect(titles).to_have_text(["Night", "Morning", "Noon", "---------"])
    expect(page.locator("#tracks-group audio")).to_have_count(3)
    assert_accessible(page)
    go("holdmusic/")
    expect(row(page, "Day & night")).to_contain_text("3 recordings")
    expect(row(page, "Day & night")).to_contain_text("pl-day-night")
    assert_accessible(page)


def test_a_paging_zone_is_set_up(page: Page, go: Open) -> None:
    go("pagingzone/add/")
    page.locator("#id_label").fill("Warehouse")
    assert_accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Choose at least one phone, an overhead device or a multicast address.")).to_be_visible()
    page.get_by_label(re.compile("203 Desk 203")).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(row(page, "Warehouse")).to_be_visible()
    assert_accessible(page)
