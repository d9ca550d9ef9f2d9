"""The `guide` command: what it says, where it says it, and how it ends."""

import json
import subprocess
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guide.diagnostics import RULES
from guide_cli import main
from tests.conftest import ROOT, commit, git

Guide = Callable[..., Path]

CLAY = (
    "docs/pots/clay.md:9:10: error: unknown citation 'nobody2020' [unknown-citation]."
    " Add it to the data file of references."
)
IRON = "docs/pots/iron.md:9:12: error: 'rust.md' is not a file of the guide [broken-link]. Did you mean 'pots/iron.md'?"
LOADED = "2 references, 4 terms."
WITHOUT_HISTORY = " There is no git history, so dates are not checked against it."


def page(body: str) -> str:
    """A page whose body stands on line 9."""
    return f"---\ntitle: Pot\ndescription: A pot.\nlast_updated: 2026-01-02\n---\n\n# Pot\n\n{body}\n"


CITES_NOBODY = {"docs/pots/clay.md": page("Bake it [@nobody2020].")}
TWO_MISTAKES = {**CITES_NOBODY, "docs/pots/iron.md": page("See [this](rust.md).")}


def run(*arguments: str | Path) -> Result:
    """Run the command in this process; an exception that it lets through is an error of the test."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start the installed command."""
    command = [ROOT / ".venv/bin/guide", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def rated(severity: str) -> str:
    """A mkdocs.yml that gives unknown citations a severity."""
    return f"site_name: Tea\nextra:\n  guide:\n    rules:\n      unknown-citation: {severity}\n"


def test_a_clean_guide_is_told_so_and_ends_with_0(guide: Guide) -> None:
    result = run("-C", guide(), "check", "--strict")
    assert result.stdout == ""
    assert result.stderr == f"Nothing wrong in 4 pages, {LOADED}{WITHOUT_HISTORY}\n"
    assert result.exit_code == 0


def test_a_guide_with_a_history_has_its_dates_checked(guide: Guide) -> None:
    root = guide()
    _repository(root, "2026-01-02")
    assert run("-C", root, "check").stderr == f"Nothing wrong in 4 pages, {LOADED}\n"


def test_a_text_committed_after_its_date_is_found(guide: Guide) -> None:
    root = guide()
    _repository(root, "2026-01-03")
    result = run("-C", root, "check")
    assert [line.partition(" error: ")[0] for line in result.stdout.splitlines()] == [
        "docs/glossary.md:4:15:",
        "docs/help.md:4:15:",
        "docs/index.md:5:15:",
        "docs/references.md:4:15:",
    ]
    assert result.exit_code == 1


def _repository(root: Path, day: str) -> None:
    git(root, "init")
    commit(root, day)


def test_findings_are_lines_on_one_stream_and_their_count_on_the_other(guide: Guide) -> None:
    result = run("-C", guide(TWO_MISTAKES), "check")
    assert result.stdout.splitlines() == [CLAY, IRON]
    assert result.stderr == f"2 errors in 6 pages, {LOADED}{WITHOUT_HISTORY}\n"
    assert result.exit_code == 1


def test_errors_and_warnings_are_counted_apart(guide: Guide) -> None:
    root = guide({**TWO_MISTAKES, "mkdocs.yml": rated("warning")})
    assert run("-C", root, "check").stderr.startswith("1 error and 1 warning in 6 pages, ")


def test_a_finding_as_json_has_eight_keys(guide: Guide) -> None:
    result = run("-C", guide(CITES_NOBODY), "check", "--format", "json")
    assert json.loads(result.stdout) == [
        {
            "rule": "unknown-citation",
            "severity": "error",
            "path": "docs/pots/clay.md",
            "line": 9,
            "column": 10,
            "message": "unknown citation 'nobody2020'",
            "hint": "Add it to the data file of references.",
            "fixable": False,
        }
    ]
    assert result.exit_code == 1


def test_json_holds_the_findings_of_the_text_in_their_order(guide: Guide) -> None:
    result = run("-C", guide({**TWO_MISTAKES, "docs/brew.md": page("é 😀 [@a] [@b]")}), "check", "--format", "json")
    places = [(item["path"], item["line"], item["column"]) for item in json.loads(result.stdout)]
    assert places == [
        ("docs/brew.md", 9, 6),
        ("docs/brew.md", 9, 11),
        ("docs/pots/clay.md", 9, 10),
        ("docs/pots/iron.md", 9, 12),
    ]


def test_json_of_a_clean_guide_is_an_empty_list(guide: Guide) -> None:
    result = run("-C", guide(), "check", "--format", "json")
    assert json.loads(result.stdout) == []
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["docs/pots/clay.md"], [CLAY]),
        (["docs/pots/iron.md", "docs/pots/clay.md"], [CLAY, IRON]),
        (["docs/pots"], [CLAY, IRON]),
        (["docs/pots/"], [CLAY, IRON]),
        (["."], [CLAY, IRON]),
        (["docs/help.md", "docs/pots/../pots/iron.md"], [IRON]),
        (["docs/help.md"], []),
        (["docs/data"], []),
    ],
)
def test_only_the_findings_of_the_named_paths_are_said_and_stop(
    guide: Guide, paths: list[str], found: list[str]
) -> None:
    with chdir(guide(TWO_MISTAKES)):
        result = run("check", *paths)
    assert result.stdout.splitlines() == found
    assert result.exit_code == bool(found)


def test_a_path_is_read_from_the_folder_one_stands_in(guide: Guide) -> None:
    with chdir(guide(TWO_MISTAKES) / "docs/pots"):
        assert run("-C", "../..", "check", "clay.md").stdout.splitlines() == [CLAY]
        assert run("-C", "../..", "check", ".").stdout.splitlines() == [CLAY, IRON]


def test_an_absolute_path_may_be_named_from_anywhere(guide: Guide, tmp_path: Path) -> None:
    root = guide(TWO_MISTAKES)
    with chdir(tmp_path):
        assert run("-C", "guide", "check", root / "docs/pots/iron.md").stdout.splitlines() == [IRON]


def test_the_project_is_that_of_the_folder_one_stands_in(guide: Guide) -> None:
    with chdir(guide(CITES_NOBODY)):
        assert run("check").stdout.splitlines() == [CLAY]


@pytest.mark.parametrize(
    ("severity", "options", "said", "status"),
    [
        ("error", [], "error", 1),
        ("error", ["--strict"], "error", 1),
        ("warning", [], "warning", 0),
        ("warning", ["--strict"], "warning", 1),
        ("off", [], None, 0),
        ("off", ["--strict"], None, 0),
        ("'off'", ["--strict"], None, 0),
    ],
)
def test_a_project_says_how_severe_a_rule_is(
    guide: Guide, severity: str, options: list[str], said: str | None, status: int
) -> None:
    result = run("-C", guide({**CITES_NOBODY, "mkdocs.yml": rated(severity)}), "check", *options)
    assert result.stdout.splitlines() == ([CLAY.replace(" error: ", f" {said}: ")] if said else [])
    assert result.exit_code == status


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("", "mkdocs.yml:1:1: "),
        ("- a list\n", "mkdocs.yml:1:1: "),
        ("a: b: c\n", "mkdocs.yml:1:5: "),
        ("site_name: [Tea\n", "mkdocs.yml:2:1: "),
        ("site_name: Tea\nsite_name: Tea\n", "mkdocs.yml:2:1: "),
        (b"site_name: Th\xe9\n", "mkdocs.yml:1:14: "),
        ("site_name: Tea\ndocs_dir: leaves\n", "mkdocs.yml:2:11: there is no folder 'leaves'"),
        ("docs_dir: mkdocs.yml\n", "mkdocs.yml:1:11: there is no folder 'mkdocs.yml'"),
        ("extra: tea\n", "mkdocs.yml:1:8: 'extra' must map"),
        ("extra:\n  guide: tea\n", "mkdocs.yml:2:10: 'guide' must map"),
        ("extra:\n  guide:\n    rules: [unknown-citation]\n", "mkdocs.yml:3:12: 'rules' must map"),
        (rated("of"), "mkdocs.yml:5:25: 'unknown-citation' must be off, warning or error"),
        (rated("on"), "mkdocs.yml:5:25: 'unknown-citation' must be off, warning or error"),
        (rated("null"), "mkdocs.yml:5:25: 'unknown-citation' must be off, warning or error"),
        ("extra: {guide: {rules: {unknown-citatoin: off}}}\n", "mkdocs.yml:1:25: there is no rule 'unknown-citatoin'"),
        ("extra: {guide: {citation_style: tea}}\n", "mkdocs.yml:1:33: there is no citation style 'tea'"),
        (None, "There is no mkdocs.yml in "),
    ],
)
def test_an_unusable_project_is_one_line_and_ends_with_2(guide: Guide, settings: str | bytes | None, said: str) -> None:
    result = run("-C", guide({"mkdocs.yml": settings}), "check")
    assert result.stderr.startswith(f"guide: {said}")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert result.exit_code == 2


def test_a_misspelt_rule_in_the_settings_gets_a_suggestion(guide: Guide) -> None:
    root = guide({"mkdocs.yml": "extra: {guide: {rules: {unknown-citatoin: off}}}\n"})
    assert "Did you mean 'unknown-citation'?" in run("-C", root, "check").stderr


def test_tags_that_only_a_generator_understands_are_no_hindrance(guide: Guide) -> None:
    settings = "site_url: !ENV [ADDRESS, tea]\nemoji: !!python/name:nowhere.to_be_found\nwords: !relative a\n"
    assert run("-C", guide({"mkdocs.yml": settings}), "check").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["brew"],
        ["check", "--format", "xml"],
        ["check", "--strickt"],
        ["rules", "unknown-citation", "unused-term"],
        ["-C", "no/such/folder", "check"],
        ["-C", "mkdocs.yml", "check"],
    ],
    ids=" ".join,
)
def test_wrong_use_says_how_it_is_used_and_ends_with_2(guide: Guide, arguments: list[str]) -> None:
    with chdir(guide()):
        result = run(*arguments)
    assert "Usage: " in result.stderr
    assert result.exit_code == 2


def test_all_rules_are_told() -> None:
    result = run("rules")
    told = [line for line in result.stdout.splitlines() if line and not line.startswith(" ")]
    assert told == [f"{name} ({rule.severity.value})" for name, rule in RULES.items()]
    assert result.exit_code == 0


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_told_with_its_whole_manual(name: str) -> None:
    first, *manual = run("rules", name).stdout.splitlines()
    assert first == f"{name} ({RULES[name].severity.value})"
    assert [line.strip() for line in manual if line] == [line.strip() for line in RULES[name].manual.splitlines()]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("unknown-citatoin", "guide: there is no rule 'unknown-citatoin'. Did you mean 'unknown-citation'?\n"),
        ("brew", "guide: there is no rule 'brew'.\n"),
    ],
)
def test_an_unknown_rule_is_one_line_and_ends_with_2(name: str, said: str) -> None:
    result = run("rules", name)
    assert (result.stdout, result.stderr, result.exit_code) == ("", said, 2)


@pytest.mark.parametrize(
    ("files", "status"), [({}, 0), (CITES_NOBODY, 1), ({"mkdocs.yml": None}, 2)], ids=["clean", "findings", "unusable"]
)
def test_the_installed_command_ends_as_in_this_process(guide: Guide, files: dict[str, str | None], status: int) -> None:
    root = guide(files)
    installed, here = start("-C", root, "check"), run("-C", root, "check")
    assert installed.communicate() == (here.stdout, here.stderr)
    assert installed.returncode == here.exit_code == status


@pytest.mark.parametrize("arguments", [["check"], ["check", "--format", "json"], ["rules"]], ids=" ".join)
def test_a_reader_that_never_reads_gets_no_traceback(guide: Guide, arguments: list[str]) -> None:
    said = _closed(start("-C", guide(TWO_MISTAKES), *arguments))
    assert "Traceback" not in said
    assert "BrokenPipe" not in said


def test_a_reader_that_stops_after_one_line_gets_no_traceback(guide: Guide) -> None:
    # More than a pipe holds, so that the command is still writing when the reader goes.
    many = {"docs/pots/clay.md": page("\n".join(["Bake it [@nobody2020]."] * 2000))}
    started = start("-C", guide(many), "check")
    assert started.stdout
    assert started.stdout.readline() == f"{CLAY}\n"
    assert "Traceback" not in _closed(started)


def _closed(started: subprocess.Popen[str]) -> str:
    """What a command says on its other stream after nobody reads its output any more."""
    assert started.stdout
    assert started.stderr
    started.stdout.close()
    said = started.stderr.read()
    started.stderr.close()
    started.wait()
    return said
