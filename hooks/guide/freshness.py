"""The dates a page states, held against the calendar and against git."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from guide.diagnostics import Diagnostic, Rule
from guide.git import Change, History
from guide.records import Records
from guide.source import Place

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse(value: object) -> date | None:
    """Read a year-month-day date, as text or as a date; None if it is not a day of the calendar."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def in_words(day: date) -> str:
    """Write a date as readers do: 23 November 2026."""
    return f"{day.day} {day:%B %Y}"


def latest_day(now: datetime) -> date:
    """The day of the place on earth that is furthest ahead, so that no contributor's today is in the future."""
    return now.astimezone(timezone(timedelta(hours=14))).date()


def check(path: str, front_matter: Records | None, change: Change | None, latest: date) -> Iterator[Diagnostic]:
    """Check the dates of one page. `change` is the newest change of its text, None where git does not know."""
    values = front_matter.value if front_matter and isinstance(front_matter.value, dict) else {}
    if front_matter is None or values.get("last_updated") is None:
        place = front_matter.place(["last_updated"]) if front_matter else Place(path)
        yield Rule.MISSING_DATE.at(
            place,
            "the page states no date of its last update",
            "Add the day of its last change to its front matter, as last_updated: 2026-11-23.",
        )
    if front_matter is None:
        return
    for steps, value in _dates(values):
        day = parse(value)
        if day is None:
            yield Rule.INVALID_DATE.at(front_matter.place(steps), f"'{value}' is not a date", "Write it as 2026-11-23.")
        elif day > latest:
            yield Rule.FUTURE_DATE.at(
                front_matter.place(steps), f"{day.isoformat()} is in the future", "Write the day of the change itself."
            )
    updated = parse(values.get("last_updated"))
    if updated and change and change.day > updated:
        by = f"by commit {change.commit}" if change.commit else "by an edit that is not committed"
        message = (
            f"the page was changed on {change.day.isoformat()} {by}, after its last_updated of {updated.isoformat()}"
        )
        yield Rule.OUTDATED_DATE.at(
            front_matter.place(["last_updated"]), message, f"If the text changed, write {change.day.isoformat()}."
        )


def _dates(values: dict[str, object]) -> Iterator[tuple[list[str | int], object]]:
    for key in ("last_updated", "last_reviewed"):
        if values.get(key) is not None:
            yield [key], values[key]
    changes = values.get("changes")
    for number, entry in enumerate(changes if isinstance(changes, list) else ()):
        if isinstance(entry, dict) and "date" in entry:
            yield ["changes", number, "date"], entry["date"]


def check_history(path: str, history: History | None) -> Iterator[Diagnostic]:
    """Say once that a cut-off history cannot vouch for any date. `path` is the file the finding stands at."""
    if history and history.shallow:
        yield Rule.SHALLOW_HISTORY.at(
            Place(path), "the git history is cut off, so no date can be checked", "Run 'git fetch --unshallow'."
        )
