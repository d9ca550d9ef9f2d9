"""Mistakes planted into a copy of the real guide (defects.yml): each is found, where it is, and nothing else is."""

import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from guide.diagnostics import RULES, Rule
from guide.project import Project
from guide.settings import load_settings
from guide.source import Place, Source
from tests.conftest import ROOT, commit, git

MARK = "‸"
MARKED_RULE = re.compile(f"{MARK}(.+?){MARK}")
LONG_AGO, LATER = "2024-06-01", "2024-06-02"
# MkDocs writes its level before each line.
FINDING = re.compile(r"^(?:ERROR|WARNING) +-  (?P<line>[^ ]+:\d+:\d+: .*)$", re.MULTILINE)

Finding = tuple[Place, str]


@dataclass(frozen=True)
class Defect:
    """An item of defects.yml, where its keys are told."""

    name: str
    file: str
    rules: list[str]
    find: str = ""
    put: str = ""
    add: str = ""
    encoding: str = "utf-8"
    remove: bool = False
    history: str = ""
    together: str = "all"

    def plant(self, text: str) -> str:
        """Put the mistake into the text of its file, with the rule that finds it between two marks."""
        pieces = (self.put or self.add).split(MARK)
        first, *rest = (piece.encode(self.encoding).decode("utf-8", "surrogateescape") for piece in pieces)
        mistake = first + "".join(f"{MARK}{rule}{MARK}{piece}" for rule, piece in zip(self.rules, rest, strict=True))
        if not self.find:
            return f"{text}\n{mistake}\n" if text else f"{mistake}\n"
        assert text.count(self.find) == 1, f"'{self.find}' must stand in {self.file} once"
        return text.replace(self.find, mistake)


DEFECTS = [Defect(**item) for item in yaml.safe_load((ROOT / "tests/defects.yml").read_text(encoding="utf-8"))]
GROUPS = {name: [defect for defect in DEFECTS if defect.together == name] for name in {d.together: 0 for d in DEFECTS}}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the real guide, without its history."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "docs", copy / "docs")
    shutil.copy(ROOT / "mkdocs.yml", copy)
    for tool in ("hooks", "overrides"):
        (copy / tool).symlink_to(ROOT / tool)
    return copy


def planted(root: Path, defects: Iterable[Defect]) -> tuple[Path, list[Finding]]:
    """Plant the mistakes into the copy; returns its folder, another one if it was cloned, and what must be found."""
    defects = list(defects)
    history = {defect.history for defect in defects}.pop()
    if history:
        git(root, "init")
    if history in {"edited", "shallow"}:
        commit(root, LONG_AGO)
    expected = list(_write(root, defects))
    if history in {"committed", "shallow"}:
        commit(root, LATER)
    if history == "shallow":
        git(root.parent, "clone", "--quiet", "--depth", "1", root.as_uri(), "clone")
        root = root.parent / "clone"
    return root, sorted(expected)


def _write(root: Path, defects: list[Defect]) -> Iterator[Finding]:
    texts: dict[str, str] = {}
    for defect in defects:
        path = root / defect.file
        if defect.remove:
            path.unlink()
        elif MARK in defect.put + defect.add:
            text = texts.get(defect.file) or (path.read_text(encoding="utf-8") if path.exists() else "")
            texts[defect.file] = defect.plant(text)
            continue
        yield from ((Place(defect.file), rule) for rule in defect.rules)
    for file, text in texts.items():
        (root / file).parent.mkdir(exist_ok=True)
        (root / file).write_bytes(MARKED_RULE.sub("", text).encode("utf-8", "surrogateescape"))
        yield from _expected(file, text)


def _expected(file: str, text: str) -> Iterator[Finding]:
    """The places of the marks, as they are without them."""
    clean = Source(file, MARKED_RULE.sub("", text))
    taken = 0
    for mark in MARKED_RULE.finditer(text):
        yield clean.place(mark.start() - taken), mark[1]
        taken += len(mark[0])


def findings(root: Path) -> list[Finding]:
    """What the project itself finds."""
    project = Project.load(root, load_settings(root / "mkdocs.yml"))
    return sorted((diagnostic.place, diagnostic.rule.value) for diagnostic in project.check())


def run(root: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the environment in a folder."""
    program, *arguments = command
    return subprocess.run(
        [ROOT / ".venv/bin" / program, *arguments], cwd=root, capture_output=True, check=False, text=True
    )


def test_the_untouched_guide_has_no_finding(root: Path) -> None:
    assert findings(root) == []


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_is_found_where_it_is_and_nothing_else_is(root: Path, defect: Defect) -> None:
    guide, expected = planted(root, [defect])
    assert findings(guide) == expected


@pytest.mark.parametrize("group", GROUPS)
def test_the_command_and_the_build_say_the_same_of_many_defects(root: Path, group: str) -> None:
    guide, expected = planted(root, GROUPS[group])
    checked = run(guide, "guide", "check", "--strict", "--format", "json")
    built = run(guide, "mkdocs", "build", "--strict")
    found = json.loads(checked.stdout)

    assert [(_place(item), item["rule"]) for item in found] == expected
    assert [match["line"] for match in FINDING.finditer(built.stderr)] == [_line(item) for item in found]
    assert (checked.returncode, built.returncode) == (1, 1)
    assert "Traceback" not in checked.stderr + built.stderr
    assert not (guide / "site").exists()


def _place(item: dict[str, str]) -> Place:
    return Place(item["path"], int(item["line"]), int(item["column"]))


def _line(item: dict[str, str]) -> str:
    line = f"{_place(item)}: {item['severity']}: {item['message']} [{item['rule']}]."
    return f"{line} {item['hint']}" if item["hint"] else line


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_tried_by_two_defects(rule: Rule) -> None:
    tries = Counter(name for defect in DEFECTS for name in defect.rules)
    # A history is cut off or not: there is one way.
    assert tries[rule.value] >= (1 if rule is Rule.SHALLOW_HISTORY else 2)


def test_defects_have_names_of_their_own() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS) >= 60
