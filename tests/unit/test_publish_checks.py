"""What a check of the PBX says about facts: each thing that may be missing, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from lots.ami import AmiAddress
from lots.config.clash import Clash
from lots.config.conf import EXTENSIONS, FILES, PARKING
from lots.config.render import render
from lots.config.setup import Lot, Setup, Step, StepKind
from lots.publish.check_accounts import PUBLISH, WATCH
from lots.publish.checks import CANNOT_CONNECT, FINE, MISSING, exit_status, findings
from lots.publish.finding import Finding, Level
from lots.publish.needed_modules import needed_modules
from lots.publish.pbx_facts import Account, Facts, Inclusion
from lots.publish.versions import CHOSEN_SLOT, FULL_LOT, PLAYLIST, Feature, version_of

SECRET = "never-to-be-shown"


def account(setting: str, user: str, **changes: Any) -> Account:
    address = AmiAddress(user=user, secret=SECRET, host="192.0.2.20")
    uses = {**WATCH.uses, **WATCH.wishes} if user == "portal" else PUBLISH.uses
    return Account(**{"setting": setting, "address": address, "actions": frozenset(uses), **changes})


GOOD = Facts(
    watch=account("ASTERISK_AMI_URL", "portal", reads=frozenset(WATCH.read.split(",")), filtered=True),
    publish=account("ASTERISK_AMI_PUBLISH_URL", "portal-publish"),
    version_text="22.10.1",
    version=(22, 10, 1),
    modules={"res_parking.so": True, "func_lock.so": True},
    included=dict.fromkeys(FILES, True),
    inclusions=(
        Inclusion("phones", "parkinglot", exists=True, reaches=True),
        Inclusion("outside", "parkinglot-outside", exists=True, reaches=True),
    ),
    uploads=True,
    outside=True,
    portal_url="http://192.0.2.10:8000",
)


def wrong(facts: Facts) -> list[Finding]:
    return [one for one in findings(facts) if one.level is not Level.OK]


def the_only(**changes: Any) -> Finding:
    """What is said when this alone is otherwise."""
    [one] = wrong(replace(GOOD, **changes))
    assert SECRET not in repr(one)
    return one


def status(facts: Facts) -> int:
    return exit_status(facts, findings(facts))


def test_nothing_is_said_of_what_is_as_it_should_be():
    assert (wrong(GOOD), status(GOOD)) == ([], FINE)
    assert {one.area for one in findings(GOOD)} == {"accounts", "version", "modules", "files", "dialplan"}


@pytest.mark.parametrize("name", ["watch", "publish"])
def test_an_account_that_is_not_set(name: str):
    one = the_only(**{name: replace(getattr(GOOD, name), address=None)})
    section, environment = one.pastes
    setting = getattr(GOOD, name).setting
    assert setting in one.sentence
    assert "secret = SECRET" in section.text
    assert environment.text.startswith(f"{setting}=ami://")
    assert AmiAddress.parse(environment.text.strip().partition("=")[2].replace("ADDRESS-OF-THE-PBX", "h"))


def test_without_the_account_that_publishes_something_is_missing_and_asterisk_is_reached():
    assert status(replace(GOOD, publish=replace(GOOD.publish, address=None))) == MISSING
    assert status(replace(GOOD, watch=replace(GOOD.watch, address=None))) == CANNOT_CONNECT


@pytest.mark.parametrize("name", ["watch", "publish"])
@pytest.mark.parametrize("refused", [True, False])
def test_an_account_that_cannot_log_in(name: str, refused: bool):
    broken = replace(GOOD, **{name: replace(getattr(GOOD, name), trouble="Nobody there.", refused=refused)})
    [one] = wrong(broken)
    assert one.level is Level.MISSING
    assert "Nobody there. " in f"{one.sentence} "
    assert getattr(GOOD, name).setting in one.sentence
    assert bool(one.pastes) is refused
    assert status(broken) == CANNOT_CONNECT


@pytest.mark.parametrize("trouble", ["Is AMI enabled?", "No", "No."])
def test_a_sentence_ends_once(trouble: str):
    one = the_only(watch=replace(GOOD.watch, trouble=trouble))
    assert one.sentence in {"ASTERISK_AMI_URL: Is AMI enabled?", "ASTERISK_AMI_URL: No."}


@pytest.mark.parametrize(("name", "needs"), [("watch", WATCH), ("publish", PUBLISH)])
def test_each_right_that_is_missing(name: str, needs: Any):
    had = getattr(GOOD, name)
    for action, (wanted, without) in needs.uses.items():
        one = the_only(**{name: replace(had, actions=had.actions - {action})})
        assert (one.level, one.area) == (Level.MISSING, "accounts")
        assert f"{action}: it lacks the class {wanted}" in one.sentence
        assert str(without) in one.sentence
        assert f"[{had.address.user}]\nwrite = {needs.write}\n" in [paste.text for paste in one.pastes]


def test_what_an_account_can_do_without_is_a_hint():
    one = the_only(watch=replace(GOOD.watch, actions=GOOD.watch.actions - {"MessageSend"}))
    assert one.level is Level.HINT
    assert "MessageSend: it lacks the class message. Without it phones show no notices" in one.sentence


@pytest.mark.parametrize(("kind", "level"), [("call", Level.MISSING), ("system", Level.HINT), ("user", Level.HINT)])
def test_events_it_does_not_hear(kind: str, level: Level):
    heard = frozenset(WATCH.read.split(",")) - {kind}
    one = the_only(watch=replace(GOOD.watch, reads=heard))
    assert (one.level, one.pastes[0].text) == (level, f"[portal]\nread = {WATCH.read}\n")


@pytest.mark.parametrize("reads", [None, frozenset({"all"})])
def test_nothing_is_said_of_events_when_nobody_knows_or_all_are_heard(reads: frozenset[str] | None):
    assert not wrong(replace(GOOD, watch=replace(GOOD.watch, reads=reads)))


def test_an_account_that_may_more_than_it_needs():
    one = the_only(watch=replace(GOOD.watch, actions=GOOD.watch.actions | {"UpdateConfig"}))
    assert one.level is Level.HINT
    assert "whole PBX" in one.sentence


def test_an_account_that_is_sent_everything():
    one = the_only(watch=replace(GOOD.watch, filtered=False))
    assert one.level is Level.HINT
    assert "eventfilter = Event: (Un)?ParkedCall\n" in one.pastes[0].text


@pytest.mark.parametrize(
    ("feature", "first", "last_without"),
    [
        (CHOSEN_SLOT, [(18, 19, 0), (20, 4, 0), (21, 0, 0)], [(16, 30, 1), (18, 18, 1), (19, 8, 1), (20, 3, 1)]),
        (FULL_LOT, [(18, 23, 0), (20, 8, 0), (21, 3, 0), (22, 0, 0)], [(18, 22, 0), (20, 7, 0), (21, 2, 0)]),
        (PLAYLIST, [(16, 7, 0), (18, 0, 0)], [(16, 6, 2)]),
    ],
)
def test_which_release_can_do_what(feature: Feature, first: list[Any], last_without: list[Any]):
    assert all(feature.is_in(version) for version in first)
    assert not any(feature.is_in(version) for version in last_without)


@pytest.mark.parametrize(
    ("text", "ami", "version"),
    [
        ("22.10.1+dfsg+~cs6.17.60671434-1", "11.0.0", (22, 10, 1)),
        ("16.28.0~dfsg-0+deb11u4", "5.0.4", (16, 28, 0)),
        ("certified/18.9-cert5", "", (18, 9, 0)),
        ("GIT-master-abcdef", "13.0.0", (24, 0, 0)),
        ("", "", None),
    ],
)
def test_versions_as_asterisk_writes_them(text: str, ami: str, version: Any):
    assert version_of(text, ami) == version


def test_versions_that_are_old_or_unknown():
    assert "does not tell its version" in the_only(version=None).sentence
    assert the_only(version=(13, 38, 0), version_text="13.38").level is Level.MISSING
    old = wrong(replace(GOOD, version=(16, 28, 0), version_text="16.28.0"))
    assert {one.level for one in old} == {Level.HINT}
    assert any("no fixes any more" in one.sentence for one in old)


def test_hold_music_from_the_portal_needs_an_asterisk_that_plays_it():
    facts = replace(GOOD, version=(16, 6, 0), version_text="16.6.0")
    assert [one.level for one in wrong(facts) if "Hold music" in one.sentence] == [Level.MISSING]
    told = wrong(replace(facts, uploads=False))
    assert [one.level for one in told if "Hold music" in one.sentence] == [Level.HINT]


def test_modules():
    assert the_only(modules={"res_parking.so": False, "func_lock.so": True}).level is Level.MISSING
    one = the_only(modules={"res_parking.so": True, "func_lock.so": False})
    assert (one.level, one.pastes[0].text) == (Level.HINT, "load = func_lock.so\n")


def test_which_modules_are_needed():
    """What a setup uses, and no more."""
    few = needed_modules(render(Setup(lots=(Lot(name="desk"),))), voicemail=False)
    assert {"res_parking.so", "pbx_config.so", "app_stack.so", "func_strings.so"} <= set(few)
    assert not {"app_voicemail.so", "res_curl.so"} & set(few)
    box = Lot(
        name="desk", steps=(Step(kind=StepKind.VOICEMAIL, mailbox="201@default"),), message="http://h.example/a.wav"
    )
    more = needed_modules(render(Setup(lots=(box,))), voicemail=True)
    assert {"app_voicemail.so", "res_curl.so", "res_http_media_cache.so"} <= set(more)


def test_includes():
    one = the_only(included={**GOOD.included, PARKING: False})
    assert one.level is Level.MISSING
    assert (one.pastes[0].file, one.pastes[0].text) == ("res_parking.conf", f"#tryinclude {PARKING}\n")
    unknown = {**GOOD.included, EXTENSIONS: None}
    assert "before something was published" in the_only(included=unknown).sentence
    assert "is being published" in the_only(included=unknown, busy=True).sentence


def test_who_may_write_can_try_what_is_not_known():
    unknown = replace(GOOD, included={**GOOD.included, EXTENSIONS: None})
    writes = replace(unknown, publish=replace(GOOD.publish, actions=frozenset({"CreateConfig", "UpdateConfig"})))
    assert writes.can_try
    assert not unknown.can_try
    assert not replace(writes, busy=True).can_try
    assert not replace(writes, included=GOOD.included).can_try


@pytest.mark.parametrize("exists", [True, False])
def test_contexts(exists: bool):
    phones, trunk = (replace(one, exists=exists, reaches=False) for one in GOOD.inclusions)
    one = the_only(inclusions=(phones, GOOD.inclusions[1]))
    assert one.level is Level.MISSING
    assert one.pastes[0].text == "[phones]\ninclude => parkinglot\n"
    one = the_only(inclusions=(GOOD.inclusions[0], trunk))
    assert one.level is Level.MISSING
    assert one.pastes[0].text == "[outside]\ninclude => parkinglot-outside\n"
    assert not wrong(replace(GOOD, inclusions=(GOOD.inclusions[0], trunk), outside=False))


def test_where_recordings_are_fetched():
    assert the_only(portal_url="http://127.0.0.1:8000").level is Level.MISSING
    assert not wrong(replace(GOOD, portal_url="http://localhost:8000", uploads=False))
    near = AmiAddress(user="portal", secret=SECRET, host="127.0.0.1")
    assert not wrong(replace(GOOD, portal_url="http://127.0.0.1:8000", watch=replace(GOOD.watch, address=near)))


def test_the_rest():
    assert the_only(music=("No such class.",)).sentence == "No such class."
    assert the_only(lost_places=("Desk: nowhere.",)).level is Level.HINT
    assert "empty: a.conf" in the_only(made=("a.conf",)).sentence
    assert the_only(setup_trouble="A name is wrong.").level is Level.MISSING
    assert the_only(clashes=(Clash("x", {"a": "701"}, template="{a} is taken."),)).sentence == "701 is taken."
    phones = tuple(f"2{number:02}" for number in range(9))
    assert the_only(silent_phones=phones).pastes[0].file == "pjsip.conf"
