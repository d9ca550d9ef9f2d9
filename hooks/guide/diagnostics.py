"""What can be wrong, and how it is said: one line with place, rule and remedy."""

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from inspect import cleandoc
from typing import Self

from guide.source import Place


class Severity(Enum):
    """An error stops every build, a warning stops strict ones."""

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


class Rule(Enum):
    """Everything that can be wrong.

    The value is the public name; `manual` says what is found and why, and shows a bad and a good form.
    """

    severity: Severity
    manual: str

    def __new__(cls, name: str, severity: str, manual: str) -> Self:
        """Make a rule of its public name, its severity unless the project says otherwise, and its manual."""
        rule = object.__new__(cls)
        rule._value_ = name
        rule.severity = Severity(severity)
        rule.manual = cleandoc(manual)
        return rule

    UNKNOWN_CITATION = (
        "unknown-citation",
        "error",
        """A citation names a work that docs/data/references.yml does not hold, so readers could not follow it.
        Bad: [@smiht2020]
        Good: [@smith2020]""",
    )
    MALFORMED_CITATION = (
        "malformed-citation",
        "error",
        """Brackets that hold a citation also hold a part without a key, so the part would be lost.
        Bad: [@smith2020; p. 12]
        Good: [@smith2020, p. 12]""",
    )
    UNUSED_REFERENCE = (
        "unused-reference",
        "warning",
        """A work that nothing cites. Cite it, take it out, or say under `custom: {keep: …}` why it stays.""",
    )
    DUPLICATE_REFERENCE = (
        "duplicate-reference",
        "error",
        """Two works have one id, so a citation of it could mean either.""",
    )
    DUPLICATE_WORK = (
        "duplicate-work",
        "error",
        """One work stands under two ids: the same DOI, PMID, PMCID or ISBN is given twice.""",
    )
    INVALID_DOI = (
        "invalid-doi",
        "error",
        """A DOI is `10.`, a registrant's number, a slash and a name, without an address before it
        (DOI Handbook, section 2.2).
        Bad: DOI: https://doi.org/10.1000/182
        Good: DOI: 10.1000/182""",
    )
    INVALID_DATA = (
        "invalid-data",
        "error",
        """A file in docs/data is missing, is not YAML, or does not fit its JSON Schema (hooks/guide/schemas).""",
    )
    DUPLICATE_TERM = (
        "duplicate-term",
        "error",
        """A name or alias is given to two terms, or twice to one, so a reader could be led to the wrong entry.""",
    )
    UNKNOWN_TERM = (
        "unknown-term",
        "error",
        """A term names another one under `see` that the glossary does not hold.""",
    )
    UNUSED_TERM = (
        "unused-term",
        "warning",
        """A term that no page uses. Take it out, or give it `keep: true`.""",
    )
    MISSING_DATE = (
        "missing-date",
        "error",
        """A page does not say when its text was last updated.
        Good: last_updated: 2026-11-23""",
    )
    INVALID_DATE = (
        "invalid-date",
        "error",
        """A date that is not a day of the calendar, written year-month-day.
        Bad: last_updated: 23/11/2026
        Good: last_updated: 2026-11-23""",
    )
    FUTURE_DATE = (
        "future-date",
        "error",
        """A date that has not yet begun anywhere on earth.""",
    )
    OUTDATED_DATE = (
        "outdated-date",
        "error",
        """The text of a page was changed after the date it states: in the git history, or by an edit not committed.""",
    )
    SHALLOW_HISTORY = (
        "shallow-history",
        "warning",
        """The git history was cut off when it was fetched, so no date can be held against it. Fetch it whole.
        Good: git fetch --unshallow""",
    )
    INVALID_FRONT_MATTER = (
        "invalid-front-matter",
        "error",
        """The settings at the top of a page are not YAML, or a value does not fit. MkDocs would print them as text.
        Bad: title: Tea: a guide
        Good: title: "Tea: a guide" """,
    )
    UNKNOWN_FRONT_MATTER = (
        "unknown-front-matter",
        "error",
        """A setting at the top of a page that nothing reads, most often a typing error.""",
    )
    UNKNOWN_PERSON = (
        "unknown-person",
        "error",
        """An author or reviewer whom docs/data/people.yml does not hold.""",
    )
    UNKNOWN_DIRECTIVE = (
        "unknown-directive",
        "error",
        """A comment that begins with `guide:` but that nothing obeys: a directive that does not exist, or an excuse
        without a rule or a reason.
        Bad: <!-- guide: glosary -->
        Bad: <!-- guide: ignore missing-alt -->
        Good: <!-- guide: ignore missing-alt because the picture is decoration -->""",
    )
    MISSING_FROM_NAV = (
        "missing-from-nav",
        "error",
        """A page that the navigation in mkdocs.yml does not name, so that readers would not come to it.""",
    )
    UNSAFE_HTML = (
        "unsafe-html",
        "error",
        """A raw HTML tag or attribute outside the short list that pages may use.
        Scripts, frames, styles and handlers are never on it.
        Bad: <script src="x.js"></script>
        Good: <kbd>Esc</kbd>""",
    )
    UNSAFE_LINK = (
        "unsafe-link",
        "error",
        """A link whose scheme is neither http, https nor mailto.
        Bad: [here](javascript:alert(1))""",
    )
    EXTERNAL_RESOURCE = (
        "external-resource",
        "error",
        """A picture on another host: every reader's visit would be told to that host. Keep a copy under docs.""",
    )
    HIDDEN_CHARACTER = (
        "hidden-character",
        "error",
        """A character that nobody sees but that changes what is shown or found: a direction mark, a zero-width or a
        control character.""",
    )
    NOT_UTF8 = (
        "not-utf8",
        "error",
        """A file whose bytes are not UTF-8. Save it as UTF-8 in the editor.""",
    )
    BROKEN_LINK = (
        "broken-link",
        "error",
        """A link or picture whose file is not under docs.
        Bad: [Tea](tea)
        Good: [Tea](tea.md)""",
    )
    BROKEN_ANCHOR = (
        "broken-anchor",
        "error",
        """A link to a heading or entry that the page does not have.""",
    )
    MISSING_ALT = (
        "missing-alt",
        "error",
        """A picture without a description for those who cannot see it.
        Bad: ![](path.svg)
        Good: ![A leaf, a bud and a flower.](path.svg)""",
    )

    def at(self, place: Place, message: str, hint: str = "") -> "Diagnostic":
        """Make a finding of this rule: `message` without a full stop, `hint` a sentence that says how to mend it."""
        return Diagnostic(place, self, _one_line(message), _one_line(hint), self.severity)


def _one_line(text: str) -> str:
    """What was quoted from a file may hold line breaks, or characters that a terminal obeys."""
    return "".join(character if character.isprintable() else " " for character in text)


RULES = {rule.value: rule for rule in Rule}


@dataclass(frozen=True)
class Diagnostic:
    """One problem at one place. `str()` is the public line."""

    place: Place
    rule: Rule
    message: str
    hint: str
    severity: Severity

    def __str__(self) -> str:
        line = f"{self.place}: {self.severity.value}: {self.message} [{self.rule.value}]."
        return f"{line} {self.hint}" if self.hint else line

    @property
    def order(self) -> tuple[Place, str, str]:
        """Sort by file, then place, then rule."""
        return self.place, self.rule.value, self.message


def as_text(diagnostics: Iterable[Diagnostic]) -> str:
    """One line each."""
    return "".join(f"{diagnostic}\n" for diagnostic in diagnostics)


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A list of objects with rule, severity, path, line, column, message, hint and fixable."""
    found = [
        {
            "rule": diagnostic.rule.value,
            "severity": diagnostic.severity.value,
            "path": diagnostic.place.path,
            "line": diagnostic.place.line,
            "column": diagnostic.place.column,
            "message": diagnostic.message,
            "hint": diagnostic.hint,
            "fixable": False,
        }
        for diagnostic in diagnostics
    ]
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return "Did you mean 'x'?" for the nearest known name, or nothing."""
    nearest = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean '{nearest[0]}'?" if nearest else ""
