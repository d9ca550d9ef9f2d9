"""A guide, loaded whole: its settings, pages, data and history; and the one check over all of it."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from guide import citations, csl, files, freshness, git, glossary, helplines, pages, people, references
from guide.diagnostics import RULES, Diagnostic, Rule, Severity, did_you_mean
from guide.glossary import Glossary, Term
from guide.helplines import Helpline
from guide.people import People
from guide.records import Records
from guide.references import References
from guide.settings import Settings
from guide.source import Place, Source

_DIRECTIVES = ("glossary", "references", "helplines", "people")
_DIRECTIVE = re.compile(rf"^<!-- guide: (?P<name>{'|'.join(_DIRECTIVES)}) -->[ \t]*$", re.MULTILINE)
_EXCUSE = re.compile(r"guide: ignore (?P<rule>[a-z0-9-]+) because +[^\s>-]")
_OBEYED = re.compile(r"<!--\s*guide:\s*(?P<words>.*?)\s*-->", re.DOTALL)
# What could harm a reader needs a change of the rules, which a maintainer sees, and not a comment in a page.
_NEVER_EXCUSED = frozenset({Rule.UNSAFE_HTML, Rule.UNSAFE_LINK, Rule.EXTERNAL_RESOURCE, Rule.HIDDEN_CHARACTER})
_LINK_DEFAULTS = {"glossary": "glossary.md", "references": "references.md"}


@dataclass(frozen=True)
class Page:
    """A page: its text, and the settings at its top."""

    source: Source
    front_matter: Records | None

    @property
    def settings(self) -> Mapping[str, Any]:
        """The values of the front matter by key."""
        values = self.front_matter.value if self.front_matter else None
        return values if isinstance(values, dict) else {}


@dataclass(frozen=True)
class Project:
    """Everything that was loaded. Paths of `pages` and `files` are relative to the folder of the pages.

    `unread` names the data that could not be read: what refers to them is not held against them.
    """

    root: Path
    settings: Settings
    pages: Mapping[str, Page]
    files: frozenset[str]
    references: References
    glossary: Glossary
    people: People
    helplines: list[Helpline]
    history: git.History | None
    latest_day: date
    unread: frozenset[str]
    problems: tuple[Diagnostic, ...]

    @classmethod
    def load(cls, root: Path, settings: Settings, now: datetime | None = None) -> "Project":
        """Read all pages and data under `root`, and ask git once. What is wrong with them is in `problems`."""
        now = now or datetime.now().astimezone()
        problems: list[Diagnostic] = []
        docs = root / settings.docs
        names = frozenset(files.names(docs))
        found = {}
        for path in sorted(name for name in names if name.endswith(".md")):
            source, faults = files.read(docs / path, f"{settings.docs}/{path}")
            problems += faults
            if source:
                front_matter, faults = pages.load_front_matter(source)
                problems += faults
                found[path] = Page(source, front_matter)
        data = _Data(root, f"{settings.docs}/data", problems)
        return cls(
            root=root,
            settings=settings,
            pages=found,
            files=names,
            references=data.load("references", references.load),
            glossary=data.load("glossary", glossary.load),
            people=data.load("people", people.load),
            helplines=data.load("helplines", helplines.load),
            history=git.history(root, settings.docs, now.date()),
            latest_day=freshness.latest_day(now),
            unread=frozenset(data.unread),
            problems=tuple(problems),
        )

    def check(self) -> list[Diagnostic]:
        """Find all that is wrong, sorted by file and place, with the severities and excuses of the project."""
        found = {diagnostic for diagnostic in self._findings() if not self._is_excused(diagnostic)}
        rated = (
            replace(diagnostic, severity=self.settings.severities.get(diagnostic.rule, diagnostic.severity))
            for diagnostic in found
        )
        return sorted(
            (diagnostic for diagnostic in rated if diagnostic.severity is not Severity.OFF),
            key=lambda diagnostic: diagnostic.order,
        )

    def _findings(self) -> Iterator[Diagnostic]:
        yield from self.problems
        yield from freshness.check_history("mkdocs.yml", self.history)
        if self.settings.help_place and self.settings.help_page not in self.pages:
            message = f"'{self.settings.help_page}', which every page leads to, is not a page"
            hint = did_you_mean(self.settings.help_page, self.pages)
            yield Rule.BROKEN_LINK.at(self.settings.help_place, message, hint)
        for path, page in self.pages.items():
            if self.settings.nav is not None and path not in self.settings.nav:
                hint = f"Add '{path}' under nav in mkdocs.yml."
                yield Rule.MISSING_FROM_NAV.at(Place(page.source.path), "the page is not in the navigation", hint)
            yield from self._check_text(page.source)
            yield from self._check_settings(page)
            yield from _check_directives(page.source)
        for term in self.glossary.terms.values():
            yield from self._check_term(term)
        if not self.unread & {"references", "glossary"}:
            yield from references.check_used(self.references, [key for keys in self.cited.values() for key in keys])
        if "glossary" not in self.unread:
            yield from glossary.check_used(self.glossary, self._used_terms())

    def _check_text(self, source: Source) -> Iterator[Diagnostic]:
        if "references" not in self.unread:
            yield from citations.check(source, self.references)
        yield from pages.check_links(source, self.files, self.anchors, self.settings.docs)
        yield from pages.check_html(source)
        yield from pages.check_attributes(source)

    def _check_settings(self, page: Page) -> Iterator[Diagnostic]:
        source = page.source
        yield from pages.check_characters(source)
        if page.front_matter or not source.text.startswith("---"):
            change = self.history.changes.get(source.path) if self.history and not self.history.shallow else None
            yield from freshness.check(source.path, page.front_matter, change, self.latest_day)
        if page.front_matter and "people" not in self.unread:
            yield from pages.check_people(page.front_matter, self.people)

    def _check_term(self, term: Term) -> Iterator[Diagnostic]:
        """Check what the glossary page will say of a term, and say it of the data."""
        path = f"{self.settings.docs}/{self.place_of['glossary']}"
        for key in ("term", "definition", "more"):
            for diagnostic in self._check_text(Source(path, str(term.item.value.get(key, "")))):
                yield replace(diagnostic, place=term.item.place(key))
        for number, reference in enumerate(term.references):
            if reference not in self.references and "references" not in self.unread:
                hint = did_you_mean(reference, self.references)
                place = term.item.place("references", number)
                yield Rule.UNKNOWN_CITATION.at(place, f"unknown citation '{reference}'", hint)

    def _used_terms(self) -> Iterator[str]:
        for path, page in self.pages.items():
            for use in self.glossary.find(page.source.prose):
                yield use.term.id
            for link in pages.links(page.source):
                if "#" in link.target and path != self.place_of["glossary"]:
                    yield link.target.rpartition("#")[2]

    def _is_excused(self, diagnostic: Diagnostic) -> bool:
        if diagnostic.rule in _NEVER_EXCUSED:
            return False
        page = self.pages.get(diagnostic.place.path.removeprefix(f"{self.settings.docs}/"))
        if page is None:
            return False
        lines = page.source.text.split("\n")[max(diagnostic.place.line - 2, 0) : diagnostic.place.line]
        return any(excuse["rule"] == diagnostic.rule.value for line in lines for excuse in _EXCUSE.finditer(line))

    @cached_property
    def cited(self) -> dict[str, list[str]]:
        """The keys that each page cites, in their order; the glossary page cites for its terms."""
        cited = {path: citations.keys(page.source) for path, page in self.pages.items()}
        for term in self.glossary.terms.values():
            keys = [*term.references, *citations.keys(Source("", term.more))]
            cited.setdefault(self.place_of["glossary"], []).extend(keys)
        return cited

    @cached_property
    def place_of(self) -> dict[str, str]:
        """The page that holds each directive, `<!-- guide: glossary -->` and the like."""
        found = {
            match["name"]: path for path, page in self.pages.items() for match in _DIRECTIVE.finditer(page.source.text)
        }
        return _LINK_DEFAULTS | found

    @cached_property
    def anchors(self) -> dict[str, set[str]]:
        """The ids that a link can lead to on each page, those that are rendered from data among them."""
        found = {}
        for path, page in self.pages.items():
            found[path] = pages.anchors(page.source)
            found[path].update(self._added_anchors(path), map(references.anchor, self.cited.get(path, ())))
        found.setdefault(self.place_of["references"], set()).update(map(references.anchor, self.references))
        found.setdefault(self.place_of["glossary"], set()).update(glossary.anchors(self.glossary))
        return found

    def _added_anchors(self, path: str) -> Iterator[str]:
        """The headings that the theme and the list of references add to a page."""
        settings = self.pages[path].settings
        if settings.get("key_points"):
            yield "in-short"
        if settings.get("what_to_do"):
            yield "what-to-do"
        if self.cited.get(path) and path != self.place_of["references"]:
            yield "references"

    @cached_property
    def entries(self) -> dict[str, str]:
        """All works, formatted as HTML, by id."""
        return csl.entries([reference.csl for reference in self.references.values()], self.settings.citation_style)

    def expand(self, text: str, path: str) -> str:
        """Put what the data say in the place of the directives of a page."""
        return _DIRECTIVE.sub(lambda match: self._directive(match["name"], path), text)

    def _directive(self, name: str, path: str) -> str:
        match name:
            case "glossary":
                return glossary.markdown(self.glossary)
            case "references":
                return self._reference_index(path)
            case "helplines":
                return helplines.html(self.helplines)
            case _:
                return people.html(self.people)

    def _reference_index(self, path: str) -> str:
        titles = {other: self.title(other) for other in self.pages}
        uses = references.uses({other: keys for other, keys in self.cited.items() if other != path})
        return references.markdown(self.references, self.entries, uses, titles, posixpath.dirname(path))

    def title(self, path: str) -> str:
        """The title of a page."""
        return str(self.pages[path].settings.get("title") or path)

    def summary(self) -> dict[str, Any]:
        """What was loaded: the commit, and how many pages, terms and references."""
        return {
            "commit": git.head(self.root),
            "pages": len(self.pages),
            "terms": len(self.glossary.terms),
            "references": len(self.references),
        }

    def render(self, text: str, path: str) -> str:
        """Turn the Markdown of a page as its author wrote it into Markdown that any Python-Markdown renders."""
        listed = None
        if path == self.place_of["references"]:
            works = references.in_order(self.references, self.entries)
            listed = {work.id: number for number, work in enumerate(works, 1)}
        return citations.render(Source(path, self.expand(text, path)), self.references, self.entries, listed)


def _check_directives(source: Source) -> Iterator[Diagnostic]:
    for comment in source.comments:
        if (found := _OBEYED.fullmatch(comment[0])) and not _is_obeyed(found["words"]):
            hint = f"Known: {', '.join(_DIRECTIVES)}, and 'ignore RULE because …'."
            place = source.place(comment.start())
            yield Rule.UNKNOWN_DIRECTIVE.at(place, f"nothing obeys 'guide: {found['words']}'", hint)


def _is_obeyed(words: str) -> bool:
    excuse = _EXCUSE.match(f"guide: {words}")
    return excuse["rule"] in RULES if excuse else words in _DIRECTIVES


Loaded = TypeVar("Loaded")


@dataclass
class _Data:
    """Reads the data files of a folder, and gathers what is wrong with them."""

    root: Path
    folder: str
    problems: list[Diagnostic]
    unread: set[str] = field(default_factory=set)

    def load(self, name: str, load: Callable[[Source], tuple[Loaded, list[Diagnostic]]]) -> Loaded:
        """Read one; what is missing or not YAML is empty, and noted as unread."""
        path = f"{self.folder}/{name}.yml"
        source, unreadable = files.read(self.root / path, path)
        loaded, faults = load(source or Source(path, ""))
        if source is None or (faults and not loaded):
            self.unread.add(name)
        self.problems += [*unreadable, *faults]
        if source:
            self.problems += pages.check_characters(source)
        return loaded
