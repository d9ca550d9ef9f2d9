"""The Python-Markdown edge: citations and terms in any generator that renders with Python-Markdown."""

import posixpath
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from guide import marking
from guide.glossary import Term
from guide.project import Project
from guide.settings import load_settings

# Before the whitespace is normalised (30) and code is stashed; the text is still as its author wrote it.
_BEFORE_ALL = 40
# After inline markup (20), before the table of contents (5) and before links to pages are resolved (0).
_AFTER_INLINE = 7


class GuideExtension(Extension):
    """Renders one page of a project.

    `page` is its path relative to the folder of the pages; `project` is that of the current folder unless given.
    """

    def __init__(self, *, project: Project | None = None, page: str = "index.md", **settings: Any) -> None:
        super().__init__(**settings)
        self._project = project
        self._page = page

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Register the two processors."""
        md.preprocessors.register(_Citations(md, self._project, self._page), "guide-citations", _BEFORE_ALL)
        md.treeprocessors.register(_Terms(md, self._project, self._page), "guide-terms", _AFTER_INLINE)


class _Citations(Preprocessor):
    def __init__(self, md: Markdown, project: Project | None, page: str) -> None:
        super().__init__(md)
        self._project = project
        self._page = page

    def run(self, lines: list[str]) -> list[str]:
        project = self._project or _project_here()
        return project.render("\n".join(lines), self._page).split("\n")


class _Terms(Treeprocessor):
    def __init__(self, md: Markdown, project: Project | None, page: str) -> None:
        super().__init__(md)
        self._project = project
        self._page = page

    def run(self, root: Element) -> None:
        project = self._project or _project_here()
        glossary_page = project.place_of["glossary"]
        address = posixpath.relpath(glossary_page, posixpath.dirname(self._page) or ".")

        def href(term: Term) -> str:
            return f"{address}#{term.id}"

        is_glossary = self._page == glossary_page
        terms = marking.mark(root, project.glossary, href, listed=not is_glossary)
        if terms and not is_glossary:
            root.append(marking.term_list(terms, href))


def _project_here() -> Project:
    root = Path.cwd()
    return Project.load(root, load_settings(root / "mkdocs.yml"))


def makeExtension(**settings: Any) -> GuideExtension:  # noqa: N802 (Python-Markdown's name)
    """Make the extension, as Python-Markdown asks for it by the name of this module."""
    return GuideExtension(**settings)
