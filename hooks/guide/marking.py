"""Terms in a rendered page: links to the glossary, each with its definition at the end of the page.

Works on the parsed tree, so that nothing but running text is touched.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from guide.glossary import Glossary, Term

_LEFT_ALONE = frozenset(
    {
        "a",
        "abbr",
        "button",
        "code",
        "dfn",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "kbd",
        "label",
        "math",
        "pre",
        "script",
        "style",
        "summary",
        "svg",
    }
)
_LEFT_ALONE_CLASSES = frozenset({"admonition-title", "arithmatex", "no-terms"})


def definition_id(term: Term) -> str:
    """The id of a term's definition in the list at the end of a page."""
    return f"term-{term.id}"


def mark(root: Element, glossary: Glossary, href: Callable[[Term], str], *, listed: bool = True) -> list[Term]:
    """Link the first use of each term in each `h2` section of a parsed page, in place.

    `listed` says that `term_list` will follow, so that a link can be described by its definition there.
    Left alone are links, headings, code, labels, titles of admonitions, and a term inside its own entry.
    Returns the terms marked, in the order of their first use.
    """
    marker = _Marker(glossary, href, listed)
    marker.walk(root)
    return list(marker.marked.values())


@dataclass
class _Marker:
    glossary: Glossary
    href: Callable[[Term], str]
    listed: bool
    marked: dict[str, Term] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def walk(self, element: Element) -> None:
        """Mark the text inside an element, in the order of reading."""
        if element.tag in {"h1", "h2"}:
            self.seen.clear()
        if element.tag == "h3" and element.get("id", "") in self.glossary.terms:
            self.seen.add(element.get("id", ""))
        if _is_left_alone(element):
            return
        children = list(element)
        element.text, links = self.split(element.text or "")
        _insert(element, 0, links)
        for child in children:
            self.walk(child)
            child.tail, links = self.split(child.tail or "")
            _insert(element, list(element).index(child) + 1, links)

    def split(self, text: str) -> tuple[str, list[Element]]:
        """Return the text before the first new term, and the links, each with the text behind it as its tail."""
        new = [use for use in self.glossary.find(text) if self.is_new(use.term)]
        ends = [*(use.start for use in new[1:]), len(text)]
        links = []
        for use, end in zip(new, ends, strict=True) if new else ():
            link = self.link(use.term)
            link.text = text[use.start : use.end]
            link.tail = text[use.end : end]
            links.append(link)
        return text[: new[0].start] if new else text, links

    def is_new(self, term: Term) -> bool:
        """Whether the section has not used the term yet; from now on it has."""
        is_new = term.id not in self.seen
        self.seen.add(term.id)
        return is_new

    def link(self, term: Term) -> Element:
        """An empty link to the entry of a term."""
        self.marked.setdefault(term.id, term)
        described = {"aria-describedby": definition_id(term)} if self.listed else {}
        return Element("a", {"class": "term", "href": self.href(term), "data-term": term.id, **described})


def _insert(parent: Element, position: int, children: list[Element]) -> None:
    for offset, child in enumerate(children):
        parent.insert(position + offset, child)


def _is_left_alone(element: Element) -> bool:
    return element.tag in _LEFT_ALONE or not _LEFT_ALONE_CLASSES.isdisjoint(element.get("class", "").split())


def term_list(terms: Iterable[Term], href: Callable[[Term], str]) -> Element:
    """The definitions of a page's terms: what the links point at, what is printed, what is read without a script."""
    details = Element("details", {"class": "page-terms", "data-search-exclude": ""})
    SubElement(details, "summary").text = "Words explained on this page"
    entries = SubElement(details, "dl")
    for term in sorted(terms, key=lambda term: term.term.casefold()):
        name = SubElement(SubElement(entries, "dt"), "a", {"href": href(term)})
        name.text = term.term
        if term.say:
            name.tail = f" (say {term.say})"
        SubElement(entries, "dd", {"id": definition_id(term)}).text = term.definition
    return details
