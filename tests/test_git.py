"""What git knows of the pages: real histories, with the days they are given."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from guide import git as asked
from guide.git import Change
from tests.conftest import commit, git

TODAY = date(2026, 1, 10)
LONG = "".join(f"Line {number} of a page that is long enough to be known again.\n" for number in range(20))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with nothing in it."""
    folder = tmp_path / "a project"
    folder.mkdir()
    git(folder, "init", "--quiet")
    return folder


def write(root: Path, name: str, text: str = LONG) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def move(root: Path, before: str, after: str) -> None:
    (root / after).parent.mkdir(parents=True, exist_ok=True)
    (root / before).rename(root / after)


def days(root: Path) -> dict[str, date]:
    """The day of the newest change of each file that is there."""
    history = asked.history(root, "docs", TODAY)
    assert history
    assert not history.shallow
    return {path: change.day for path, change in history.changes.items() if (root / path).exists()}


def test_the_day_of_a_page_is_that_of_its_newest_commit(root: Path) -> None:
    write(root, "docs/a.md")
    write(root, "docs/b.md", "b")
    commit(root, "2025-01-01")
    write(root, "docs/a.md", LONG + "more")
    commit(root, "2025-02-02")
    assert days(root) == {"docs/a.md": date(2025, 2, 2), "docs/b.md": date(2025, 1, 1)}


def test_a_change_names_its_commit(root: Path) -> None:
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    history = asked.history(root, "docs", TODAY)
    short = git(root, "rev-parse", "--short", "HEAD").strip()
    assert history
    assert history.changes == {"docs/a.md": Change(date(2025, 1, 1), short)}


def test_the_day_is_that_of_the_authors_own_calendar(root: Path) -> None:
    write(root, "docs/a.md")
    git(root, "add", "--all")
    late, later = "2025-01-01T23:30:00-08:00", "2025-03-03T12:00:00+00:00"
    git(root, "commit", "--quiet", "--message", "Late", GIT_AUTHOR_DATE=late, GIT_COMMITTER_DATE=later)
    assert days(root) == {"docs/a.md": date(2025, 1, 1)}


def test_a_move_alone_is_no_change(root: Path) -> None:
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    move(root, "docs/a.md", "docs/new/b.md")
    commit(root, "2025-02-02")
    move(root, "docs/new/b.md", "docs/c.md")
    commit(root, "2025-03-03")
    assert days(root) == {"docs/c.md": date(2025, 1, 1)}


def test_a_move_with_an_edit_is_a_change(root: Path) -> None:
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    move(root, "docs/a.md", "docs/b.md")
    write(root, "docs/b.md", LONG + "more")
    commit(root, "2025-02-02")
    move(root, "docs/b.md", "docs/c.md")
    commit(root, "2025-03-03")
    assert days(root) == {"docs/c.md": date(2025, 2, 2)}


def test_an_edit_after_a_move_is_a_change(root: Path) -> None:
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    move(root, "docs/a.md", "docs/b.md")
    commit(root, "2025-02-02")
    write(root, "docs/b.md", LONG + "more")
    commit(root, "2025-03-03")
    assert days(root) == {"docs/b.md": date(2025, 3, 3)}


def test_a_new_page_under_an_old_name_has_a_day_of_its_own(root: Path) -> None:
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    move(root, "docs/a.md", "docs/b.md")
    commit(root, "2025-02-02")
    write(root, "docs/a.md", "Something else.")
    commit(root, "2025-03-03")
    assert days(root) == {"docs/a.md": date(2025, 3, 3), "docs/b.md": date(2025, 1, 1)}


def test_a_page_that_was_deleted_and_came_back_has_the_day_it_came_back(root: Path) -> None:
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    (root / "docs/a.md").unlink()
    commit(root, "2025-02-02")
    write(root, "docs/a.md")
    commit(root, "2025-03-03")
    assert days(root) == {"docs/a.md": date(2025, 3, 3)}


def test_what_happens_elsewhere_is_no_change(root: Path) -> None:
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    write(root, "README.md")
    commit(root, "2025-02-02")
    write(root, "other/b.md")
    assert days(root) == {"docs/a.md": date(2025, 1, 1)}


def test_a_merge_is_no_change(root: Path) -> None:
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    git(root, "checkout", "--quiet", "-b", "side")
    write(root, "docs/b.md", "b")
    commit(root, "2025-02-02")
    git(root, "checkout", "--quiet", "main")
    write(root, "docs/c.md", "c")
    commit(root, "2025-03-03")
    git(root, "merge", "--quiet", "--no-ff", "--message", "Merge", "side")
    assert days(root) == {"docs/a.md": date(2025, 1, 1), "docs/b.md": date(2025, 2, 2), "docs/c.md": date(2025, 3, 3)}


@pytest.mark.parametrize("staged", [True, False])
def test_an_edit_that_is_not_committed_is_of_today(root: Path, staged: bool) -> None:
    write(root, "docs/a.md")
    write(root, "docs/b.md", "b")
    commit(root, "2025-01-01")
    write(root, "docs/a.md", "Something else.")
    if staged:
        git(root, "add", "--all")
    history = asked.history(root, "docs", TODAY)
    assert history
    assert history.changes["docs/a.md"] == Change(TODAY, None)
    assert history.changes["docs/b.md"].day == date(2025, 1, 1)


def test_a_page_that_git_does_not_know_yet_is_of_today(root: Path) -> None:
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    write(root, "docs/new/b.md")
    assert days(root) == {"docs/a.md": date(2025, 1, 1), "docs/new/b.md": TODAY}


def test_a_file_that_git_ignores_has_no_day(root: Path) -> None:
    write(root, ".gitignore", "b.md\n")
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    write(root, "docs/b.md")
    assert days(root) == {"docs/a.md": date(2025, 1, 1)}


@pytest.mark.parametrize(
    "name", ["two words.md", "té 茶.md", 'a "quoted" one.md', "back\\slash.md", "-dash.md", "tab\t.md"]
)
def test_a_file_may_have_any_name(root: Path, name: str) -> None:
    write(root, f"docs/{name}")
    commit(root, "2025-01-01")
    assert days(root) == {f"docs/{name}": date(2025, 1, 1)}
    move(root, f"docs/{name}", f"docs/new {name}")
    commit(root, "2025-02-02")
    assert days(root) == {f"docs/new {name}": date(2025, 1, 1)}
    write(root, f"docs/new {name}", "Something else.")
    assert days(root) == {f"docs/new {name}": TODAY}


def test_a_project_may_be_a_folder_of_a_repository(root: Path) -> None:
    guide = root / "guides" / "té"
    write(guide, "docs/a.md")
    write(guide, "docs/b.md", "b")
    write(root, "docs/a.md", "The page of another project.")
    commit(root, "2025-01-01")
    move(guide, "docs/a.md", "docs/c.md")
    commit(root, "2025-02-02")
    write(guide, "docs/b.md", "Something else.")
    write(guide, "docs/d.md")
    assert days(guide) == {"docs/b.md": TODAY, "docs/c.md": date(2025, 1, 1), "docs/d.md": TODAY}


def test_a_history_that_was_cut_off_says_so(root: Path, tmp_path: Path) -> None:
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    write(root, "docs/b.md", "b")
    commit(root, "2025-02-02")
    git(tmp_path, "clone", "--quiet", "--depth", "1", root.as_uri(), "cut")
    history = asked.history(tmp_path / "cut", "docs", TODAY)
    assert history
    assert history.shallow


def test_a_whole_clone_knows_what_its_origin_knows(root: Path, tmp_path: Path) -> None:
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    git(tmp_path, "clone", "--quiet", root.as_uri(), "whole")
    assert days(tmp_path / "whole") == days(root)


def test_there_is_no_history_without_a_repository(tmp_path: Path) -> None:
    assert asked.history(tmp_path, "docs", TODAY) is None
    assert asked.head(tmp_path) is None


def test_there_is_no_history_before_the_first_commit(root: Path) -> None:
    write(root, "docs/a.md")
    assert asked.history(root, "docs", TODAY) is None
    assert asked.head(root) is None


def test_there_is_no_history_without_git(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "docs/a.md")
    commit(root, "2025-01-01")
    monkeypatch.setenv("PATH", "")
    assert asked.history(root, "docs", TODAY) is None
    assert asked.head(root) is None


def test_the_head_is_the_commit_that_is_checked_out(root: Path) -> None:
    commit(root, "2025-01-01")
    assert asked.head(root) == git(root, "rev-parse", "HEAD").strip()


@pytest.mark.parametrize(
    "setting",
    [
        "status.showUntrackedFiles=no",
        "diff.renames=false",
        "core.quotePath=true",
        "color.ui=always",
        "log.date=relative",
    ],
)
def test_the_settings_of_a_user_change_no_answer(root: Path, setting: str) -> None:
    write(root, "docs/té.md")
    commit(root, "2025-01-01")
    move(root, "docs/té.md", "docs/a.md")
    commit(root, "2025-02-02")
    write(root, "docs/b.md", "b")
    git(root, "config", *setting.split("="))
    assert days(root) == {"docs/a.md": date(2025, 1, 1), "docs/b.md": TODAY}


def test_asking_changes_nothing(guide: Callable[..., Path]) -> None:
    folder = guide()
    git(folder, "init", "--quiet")
    commit(folder, "2025-01-01")
    before = git(folder, "status", "--porcelain")
    asked.history(folder, "docs", TODAY)
    assert git(folder, "status", "--porcelain") == before == ""
