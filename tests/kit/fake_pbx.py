"""A model of what of Asterisk publishing touches: files, what is loaded, and AMI's words for both.

After manager.c (``handle_updates``), pbx_config.c and res_parking.c; the real tests hold it to the truth.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lots.config.conf import EXTENSIONS, MODULES, MUSIC, PARKING
from lots.config.content import Content, Pair, merged
from lots.config.meant import meant_lots, steps
from tests.kit.fake_ami import Action, FakeAmi

Sections = list[tuple[str, list[Pair]]]
LOADED = {module: file for file, module in MODULES.items()}


class Refused(Exception):  # noqa: N818
    """An error's message."""


def update(sections: Sections, action: Mapping[str, str]) -> Sections:
    """``sections`` after the numbered operations of an UpdateConfig."""
    found = [(name, list(lines)) for name, lines in sections]
    number = 0
    while kind := action.get(f"Action-{number:06d}", ""):
        name = action[f"Cat-{number:06d}"]
        mine = [(place, one) for place, one in enumerate(found) if one[0].lower() == name.lower()]
        if kind == "NewCat":
            if mine:
                raise Refused("Create category did not complete successfully")
            found.append((name, []))
        elif not mine:
            raise Refused("Given category does not exist")
        elif kind == "DelCat":
            found = [one for one in found if one[0].lower() != name.lower()]
        elif kind == "EmptyCat":
            for _place, one in mine:
                one[1].clear()
        else:
            assert kind == "Append", kind
            value = action.get(f"Value-{number:06d}", "").removeprefix(">")
            for _place, one in mine:
                one[1].append((action[f"Var-{number:06d}"], value.strip()))
        number += 1
    return found


class FakePbx:
    """``files`` on its disk, ``running`` what each module has loaded.

    ``before`` is asked before each action and ``after`` after it was done; either may cut the line.
    """

    def __init__(self, fake: FakeAmi) -> None:
        self.fake = fake
        self.files: dict[str, Sections] = {"extensions.conf": [], "res_parking.conf": [], "musiconhold.conf": []}
        self.running: dict[str, Content] = {EXTENSIONS: {}, PARKING: {}, MUSIC: {}}
        self.native: Content = {}
        """The lots that have extensions of parking's own."""
        self.foreign: list[tuple[str, str]] = []
        """Context and extension of what somebody else wrote into the dialplan."""
        self._seen = 0
        self.reloads: list[str] = []
        self.written: list[str] = []
        self.refuse_reload: Callable[[str, Content], str] = lambda _file, _content: ""
        """A reason not to load a file."""
        self.before: Callable[[Action], Any] = lambda _action: None
        self.after: Callable[[Action], Any] = lambda _action: None
        self.cut = False
        """Answer nothing more on this line."""
        for name in ("GetConfig", "ListCategories", "CreateConfig", "UpdateConfig", "Reload", "Parkinglots"):
            fake.answers[name] = self._answer
        for name in ("ShowDialPlan", "Command", "DialplanExtensionAdd", "DialplanExtensionRemove"):
            fake.answers[name] = self._answer

    def _answer(self, action: Action) -> bytes | None:
        self.before(action)
        if self.cut:
            self.cut = False
            self.fake.drop()
            return None
        try:
            lines = getattr(self, f"_{action['Action'].lower()}")(action)
        except Refused as error:
            lines = ["Response: Error", "ActionID: x", f"Message: {error}", ""]
        self.after(action)
        if self.cut:
            self.cut = False
            self.fake.drop()
            return None
        return "\r\n".join([*lines, ""]).encode()

    def _loaded(self, file: str) -> Sections:
        """A file with what it includes; Asterisk's own ones include ours."""
        own = {"extensions.conf": EXTENSIONS, "res_parking.conf": PARKING, "musiconhold.conf": MUSIC}
        if file in own:
            return [*self.files[file], *self._loaded(own[file])]
        if file not in self.files:
            return []
        found: Sections = []
        for name, lines in self.files[file]:
            found.append((name, [line for line in lines if not line[0].startswith("#tryinclude")]))
            for key, _value in lines:
                if key.startswith("#tryinclude"):
                    pattern = re.escape(key.split('"')[1]).replace(r"\*", ".*")
                    parts = sorted(part for part in self.files if re.fullmatch(pattern, part))
                    found += [section for part in parts for section in self.files[part]]
        return found

    def content(self, file: str) -> Content:
        return merged(self._loaded(file))

    def _getconfig(self, action: Action) -> list[str]:
        file = action["Filename"]
        if file not in self.files:
            raise Refused("Config file not found")
        wanted = action.get("Category")
        shown = ["Response: Success", "ActionID: x"]
        for number, (name, lines) in enumerate(s for s in self._loaded(file) if wanted in {None, s[0]}):
            shown.append(f"Category-{number:06d}: {name}")
            shown += [f"Line-{number:06d}-{place:06d}: {key}={value}" for place, (key, value) in enumerate(lines)]
        return [*shown, ""]

    def _listcategories(self, action: Action) -> list[str]:
        names = [f"Category-{n:06d}: {name}" for n, (name, _lines) in enumerate(self._loaded(action["Filename"]))]
        return ["Response: Success", "ActionID: x", *names, ""]

    def _createconfig(self, action: Action) -> list[str]:
        if action["Filename"] in self.files:
            raise Refused("File exists")
        self.files[action["Filename"]] = []
        return self._success()

    def _updateconfig(self, action: Action) -> list[str]:
        source, to = action["SrcFilename"], action["DstFilename"]
        if source not in self.files or to not in self.files:
            raise Refused("File requires escalated privileges")
        self.files[to] = update(self.files[source], action)
        self.written.append(to)
        return self._success()

    def _reload(self, action: Action) -> list[str]:
        """Parking skips a file nobody has written since, and drops the extensions of all lots before it refuses one."""
        file = LOADED[action["Module"]]
        content, stamp = self.content(file), self._stamp(file)
        self.reloads.append(file)
        if file == PARKING and stamp == self._seen:
            return self._success()
        if file == PARKING:
            self._seen, self.native = stamp, {}
        if reason := self.refuse_reload(file, content):
            raise Refused(reason)
        self.running[file] = content
        if file == PARKING:
            self.native = content
        return self._success()

    def _stamp(self, file: str) -> int:
        return sum(written.startswith(file.removesuffix(".conf")) for written in self.written)

    def _parkinglots(self, _action: Action) -> list[str]:
        return self._list(
            [
                *("Event: Parkinglot", "ActionID: x", f"Name: {lot.name}", f"StartSpace: {lot.first}"),
                *(f"StopSpace: {lot.last}", f"Timeout: {lot.timeout}", ""),
            ]
            for lot in meant_lots(self.running[PARKING])
        )

    def _showdialplan(self, action: Action) -> list[str]:
        shown = [
            [
                *("Event: ListDialplan", "ActionID: x", f"Context: {context}", f"Extension: {exten}"),
                *(f"Priority: {priority}", f"Application: {step[0]}", f"AppData: {step[1]}", f"Registrar: {owner}", ""),
            ]
            for context, exten, priority, step, owner in self._dialplan()
            if context == action.get("Context", context)
        ]
        for context, lines in self.running[EXTENSIONS].items():
            if context == action.get("Context", context):
                shown += [
                    ["Event: ListDialplan", "ActionID: x", f"Context: {context}", f"IncludeContext: {value}", ""]
                    for key, value in lines
                    if key == "include"
                ]
        if not shown and "Context" in action and action["Context"] not in self.running[EXTENSIONS]:
            raise Refused(f"Did not find context {action.get('Context')}")
        return self._list(shown)

    def _dialplan(self) -> Iterator[tuple[str, str, str, Pair, str]]:
        for context, lines in self.running[EXTENSIONS].items():
            for exten, priority, step, _label in steps(lines):
                yield context, exten, priority, step, "pbx_config"
        for context, exten in self.foreign:
            yield context, exten, "1", ("NoOp", ""), "pbx_config"
        for lot in meant_lots(self.native):
            for exten in (lot.park_code, *map(str, lot.slots)) if lot.park_code else ():
                yield lot.context, exten, "1", ("Park", lot.name), f"res_parking/{lot.name}"

    def _command(self, _action: Action) -> list[str]:
        lines = [f"Output: Class: {name}" for name in self.running[MUSIC]]
        return ["Response: Success", "ActionID: x", "Message: Command output follows", *lines, ""]

    def _success(self) -> list[str]:
        return ["Response: Success", "ActionID: x", ""]

    def _list(self, items: Iterable[list[str]]) -> list[str]:
        head = ["Response: Success", "ActionID: x", "EventList: start", ""]
        tail = ["Event: ListComplete", "ActionID: x", "EventList: Complete", ""]
        return [*head, *(line for item in items for line in item), *tail]
