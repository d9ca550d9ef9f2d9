"""The dates of a page, held against the calendar and against git."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide import freshness
from guide.diagnostics import Diagnostic
from guide.git import Change, History
from guide.pages import load_front_matter
from guide.project import Project
from guide.source import Source
from tests.conftest import commit, git

LATEST = date(2026, 1, 11)


def checked(front_matter: str, change: Change | None = None) -> list[Diagnostic]:
    document, _ = load_front_matter(Source("docs/page.md", f"---\n{front_matter}\n---\n"))
    return list(freshness.check("docs/page.md", document, change, LATEST))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-01-02", date(2026, 1, 2)),
        ("2024-02-29", date(2024, 2, 29)),
        ("0001-01-01", date(1, 1, 1)),
        (date(2026, 1, 2), date(2026, 1, 2)),
        ("2025-02-29", None),
        ("2026-13-01", None),
        ("2026-00-10", None),
        ("2026-04-31", None),
        ("0000-01-01", None),
        ("2026-1-2", None),
        ("20260102", None),
        ("2026-W01-1", None),
        ("2026-01-02T00:00:00", None),
        ("2026-01-02 ", None),
        ("2026-01-02\n", None),
        ("02/01/2026", None),
        ("2 January 2026", None),
        ("", None),
        (20260102, None),
        (None, None),
        (["2026-01-02"], None),
    ],
)
def test_a_date_is_a_day_of_the_calendar_and_nothing_else(value: object, day: date | None) -> None:
    assert freshness.parse(value) == day


@settings(deadline=None)
@given(st.dates())
def test_every_day_is_read_as_it_is_written(day: date) -> None:
    assert freshness.parse(day.isoformat()) == day


@settings(deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"\d{4}-\d{2}-\d{2}")))
def test_any_text_is_a_date_or_none(text: str) -> None:
    day = freshness.parse(text)
    assert day is None or day.isoformat() == text


@pytest.mark.parametrize(
    ("day", "words"), [(date(2026, 11, 23), "23 November 2026"), (date(2026, 1, 2), "2 January 2026")]
)
def test_readers_get_a_date_in_words(day: date, words: str) -> None:
    assert freshness.in_words(day) == words


@pytest.mark.parametrize(
    ("hour", "zone", "day"),
    [(9, 0, date(2026, 1, 10)), (10, 0, date(2026, 1, 11)), (23, 14, date(2026, 1, 10)), (0, -11, date(2026, 1, 11))],
)
def test_no_contributor_lives_in_the_future(hour: int, zone: int, day: date) -> None:
    now = datetime(2026, 1, 10, hour, tzinfo=timezone(timedelta(hours=zone)))
    assert freshness.latest_day(now) == day


@pytest.mark.parametrize(
    ("stated", "changed", "rules"),
    [
        ("2026-01-02", date(2026, 1, 3), ["outdated-date"]),
        ("2026-01-02", date(2026, 1, 2), []),
        ("2026-01-02", date(2025, 1, 2), []),
        ("2026-01-12", date(2026, 1, 13), ["future-date", "outdated-date"]),
        ("soon", date(2026, 1, 3), ["invalid-date"]),
    ],
)
def test_a_text_that_changed_after_its_date_is_found(stated: str, changed: date, rules: list[str]) -> None:
    found = checked(f"last_updated: {stated}", Change(changed, "abc1234"))
    assert [diagnostic.rule.value for diagnostic in found] == rules


def test_the_finding_names_the_day_and_the_commit() -> None:
    (found,) = checked("title: Tea\nlast_updated: 2026-01-02", Change(date(2026, 1, 3), "abc1234"))
    assert (found.place.line, found.place.column) == (3, 15)
    assert "2026-01-03 by commit abc1234" in found.message
    assert "2026-01-03" in found.hint


def test_the_finding_says_when_nothing_is_committed_yet() -> None:
    (found,) = checked("last_updated: 2026-01-02", Change(date(2026, 1, 3), None))
    assert "an edit that is not committed" in found.message


def test_only_a_history_that_was_cut_off_is_told() -> None:
    assert [found.rule.value for found in freshness.check_history("mkdocs.yml", History(True, {}))] == [
        "shallow-history"
    ]
    assert list(freshness.check_history("mkdocs.yml", History(False, {}))) == []
    assert list(freshness.check_history("mkdocs.yml", None)) == []


def test_a_page_edited_after_its_date_is_found_in_a_real_history(project: Callable[..., Project]) -> None:
    root = project().root
    git(root, "init", "--quiet")
    commit(root, "2026-01-02")
    page = root / "docs/index.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nMore tea.\n", encoding="utf-8")
    commit(root, "2026-01-05")
    assert [str(found.place) for found in project({"docs/index.md": page.read_bytes()}).check()] == [
        "docs/index.md:5:15"
    ]
