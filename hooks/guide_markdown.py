"""The Python-Markdown edge: citations and terms in any generator that renders with Python-Markdown."""

import posixpath
from functools import cached_property
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
        self.page = page

    @cached_property
    def project(self) -> Project:
        """The project, loaded when the first page is rendered: generators also make the extension only to try it."""
        return self._project or Project.load(Path.cwd(), load_settings(Path.cwd() / "mkdocs.yml"))

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Register the two processors."""
        md.preprocessors.register(_Citations(md, self), "guide-citations", _BEFORE_ALL)
        md.treeprocessors.register(_Terms(md, self), "guide-terms", _AFTER_INLINE)


class _Citations(Preprocessor):
    def __init__(self, md: Markdown, extension: GuideExtension) -> None:
        super().__init__(md)
        self._extension = extension

    def run(self, lines: list[str]) -> list[str]:
        return self._extension.project.render("\n".join(lines), self._extension.page).split("\n")


class _Terms(Treeprocessor):
    def __init__(self, md: Markdown, extension: GuideExtension) -> None:
        super().__init__(md)
        self._extension = extension

    def run(self, root: Element) -> None:
        project, page = self._extension.project, self._extension.page
        glossary_page = project.place_of["glossary"]
        address = posixpath.relpath(glossary_page, posixpath.dirname(page) or ".")

        def href(term: Term) -> str:
            return f"{address}#{term.id}"

        is_glossary = page == glossary_page
        terms = marking.mark(root, project.glossary, href, listed=not is_glossary)
        if terms and not is_glossary:
            root.append(marking.term_list(terms, href))


def makeExtension(**settings: Any) -> GuideExtension:  # noqa: N802 (Python-Markdown's name)
    """Make the extension, as Python-Markdown asks for it by the name of this module."""
    return GuideExtension(**settings)
