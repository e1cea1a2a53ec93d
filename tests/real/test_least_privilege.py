"""What each AMI account cannot do, tried on a real Asterisk; and that none has a class it could do without."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from lots.embedded import PUBLISH, RUNTIME, Account
from lots.publish.check_accounts import PUBLISH as PUBLISH_NEEDS
from lots.publish.check_accounts import WATCH as WATCH_NEEDS
from lots.publish.check_accounts import Needs
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk

MARKER = "/tmp/parkinglot-was-here"
DENIED = ("Permission denied", "Access Forbidden", "Invalid/unknown command")
EDIT = {
    "SrcFilename": "extensions.conf",
    "DstFilename": "extensions.conf",
    "Action-000000": "NewCat",
    "Cat-000000": "stolen",
}
RUNS = {"Channel": "Local/none@nowhere", "Async": "true"}

FORBIDDEN: dict[str, list[tuple[str, dict[str, str]]]] = {
    RUNTIME.name: [
        ("UpdateConfig", EDIT),
        ("CreateConfig", {"Filename": "stolen.conf"}),
        ("GetConfig", {"Filename": "manager.conf"}),
        ("ListCategories", {"Filename": "manager.conf"}),
        ("Command", {"Command": "core show version"}),
        ("Reload", {"Module": "pbx_config"}),
        ("ModuleLoad", {"LoadType": "reload", "Module": "pbx_config.so"}),
        ("ModuleCheck", {"Module": "pbx_config.so"}),
        ("DBPut", {"Family": "stolen", "Key": "a", "Val": "b"}),
        ("DBDelTree", {"Family": "parkinglot"}),
        ("DialplanExtensionAdd", {"Context": "stolen", "Extension": "1", "Priority": "1", "Application": "NoOp"}),
        ("Originate", {**RUNS, "Application": "System", "Data": f"touch {MARKER}"}),
        ("Originate", {**RUNS, "Application": "AGI", "Data": f"agi:{MARKER}"}),
        ("Originate", {**RUNS, "Application": "NoOp", "Data": f"${{SHELL(touch {MARKER})}}"}),
        ("Getvar", {"Variable": f"SHELL(touch {MARKER})"}),
        ("UserEvent", {"UserEvent": "ParkinglotDoor"}),
    ],
    PUBLISH.name: [
        ("Originate", {**RUNS, "Application": "NoOp"}),
        ("Park", {"Channel": "x", "TimeoutChannel": "y"}),
        ("Setvar", {"Variable": "stolen", "Value": "1"}),
        ("Redirect", {"Channel": "x", "Exten": "701", "Context": "phones", "Priority": "1"}),
        ("MessageSend", {"To": "pjsip:201", "From": "a", "Body": "b"}),
    ],
}
"""Tried one after the other, by who must not. Whoever publishes has ``command`` and is the PBX's master."""


@dataclass(frozen=True)
class Try:
    """An action of ours that needs the class; without the class it is refused."""

    action: str
    fields: dict[str, str]


NEEDED = {
    (RUNTIME.name, "call"): Try("Setvar", {"Variable": "PARKINGLOT_TRY", "Value": "1"}),
    (RUNTIME.name, "message"): Try("MessageSend", {"Body": "to nobody: a message leaves a channel that never ends"}),
    (RUNTIME.name, "originate"): Try("Originate", {**RUNS, "Application": "NoOp"}),
    (RUNTIME.name, "reporting"): Try("ShowDialPlan", {"Context": "phones"}),
    (PUBLISH.name, "config"): Try("UpdateConfig", {"SrcFilename": "none.conf", "DstFilename": "none.conf"}),
    (PUBLISH.name, "command"): Try("Command", {"Command": "core show version"}),
    (PUBLISH.name, "system"): Try("ModuleCheck", {"Module": "pbx_config.so"}),
}
"""By account and class of writing."""


def classes(words: str) -> list[str]:
    return words.split(",")


@contextmanager
def with_account(asterisk: RealAsterisk, read: str, write: str) -> Iterator[Ami]:
    """A session of an account that has just these classes."""
    edit = {"SrcFilename": "manager.conf", "DstFilename": "manager.conf", "Action-000000": "NewCat"}
    lines = (("secret", "for-a-moment"), ("read", read), ("write", write))
    fields = {**edit, "Cat-000000": "spare"}
    for number, (name, value) in enumerate(lines, start=1):
        key = f"{number:06}"
        fields |= {f"Action-{key}": "Append", f"Cat-{key}": "spare", f"Var-{key}": name, f"Value-{key}": value}
    with asterisk.ami() as ami:
        ami.action("UpdateConfig", **fields)
        ami.action("Reload", Module="manager")
        try:
            with Ami(asterisk.pbx.ami_port, "spare", "for-a-moment") as session:
                yield session
        finally:
            ami.action("UpdateConfig", **{**edit, "Action-000000": "DelCat", "Cat-000000": "spare"})
            ami.action("Reload", Module="manager")


def was_refused(ami: Ami, action: str, fields: dict[str, str]) -> bool:
    answer = ami.request(action, **fields)
    return answer["Response"] == "Error" and any(words in answer.get("Message", "") for words in DENIED)


@pytest.mark.parametrize("account", FORBIDDEN)
def test_what_an_account_must_not_do_asterisk_refuses(asterisk: RealAsterisk, account: str) -> None:
    with asterisk.ami(account) as ami:
        done = [(action, fields) for action, fields in FORBIDDEN[account] if not was_refused(ami, action, fields)]
        assert not done
        assert ami.action("Ping")["Response"] == "Success"
    with asterisk.ami() as ami:
        plan = ami.request("Command", Command="dialplan show stolen")
        assert "There is no existence of 'stolen' context" in str(plan)


@pytest.mark.parametrize("account", [RUNTIME, PUBLISH], ids=lambda account: account.name)
def test_every_class_of_writing_is_needed(asterisk: RealAsterisk, account: Account) -> None:
    """With all of them each action is let through; with one less its action is not."""
    mine = classes(account.write)
    assert {name for who, name in NEEDED if who == account.name} == set(mine)
    for name in mine:
        one = NEEDED[account.name, name]
        with asterisk.ami(account.name) as ami:
            assert not was_refused(ami, one.action, one.fields), name
        with with_account(asterisk, account.read, ",".join(other for other in mine if other != name)) as ami:
            assert was_refused(ami, one.action, one.fields), name


def test_every_class_of_reading_is_needed(asterisk: RealAsterisk) -> None:
    """Parked calls are heard with ``call``, restarts with ``system``, tries at a door with ``user``."""
    mine = classes(RUNTIME.read)
    events = {"call": "ParkedCall", "system": "FullyBooted", "user": "UserEvent"}
    assert set(events) == set(mine)
    for name in ("", *mine):
        with with_account(asterisk, ",".join(other for other in mine if other != name), "call") as ami:
            heard = _heard(asterisk, ami)
        assert set(events.values()) - heard == ({events[name]} if name else set())
    asterisk.hang_up_all()


def _heard(asterisk: RealAsterisk, ami: Ami) -> set[str]:
    """What ``ami`` is told while a call is parked and somebody tries a door; its own Ping comes last."""
    with asterisk.ami() as other:
        asterisk.demo_call(other)
        other.action("UserEvent", UserEvent="ParkinglotDoor")
        other.event("UserEvent")
    ami.action("Ping")
    return {one["Event"] for one in ami.events}


@pytest.mark.parametrize(("account", "needs"), [(RUNTIME, WATCH_NEEDS), (PUBLISH, PUBLISH_NEEDS)])
def test_the_classes_stand_in_one_place(account: Account, needs: Needs) -> None:
    """What people are told to write is what our own Asterisk has."""
    assert (account.read, account.write) == (needs.read, needs.write)
    uses = {name for name, _without in (needs.uses | needs.wishes).values()}
    assert uses == set(classes(needs.write))
