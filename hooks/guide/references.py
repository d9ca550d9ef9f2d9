"""The works the guide cites: one CSL item each, read from docs/data/references.yml."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from guide import records
from guide.diagnostics import Diagnostic, Rule
from guide.records import Item
from guide.source import Place, Source

# DOI Handbook, section 2.2: "10.", a registrant's code of digits and dots, "/", then any printable characters.
_DOI = re.compile(r"10\.\d{4,9}(\.\d+)*/[^\s\x00-\x1f]+")
_DOI_ADDRESS = re.compile(r"^\s*(?:doi:\s*|https?://(?:dx\.)?doi\.org/)", re.IGNORECASE)
# What Markdown would read as markup in the text of an entry, outside of its tags.
_MARKDOWN = re.compile(r"[*_`\[\]~^\\{}](?![^<>]*>)")
IDENTIFIERS = ("DOI", "PMID", "PMCID", "ISBN")


@dataclass(frozen=True)
class Reference:
    """A work: its CSL item, where its entry stands, and whether it fits its schema."""

    id: str
    item: Mapping[str, Any] = field(compare=False)
    place: Place = field(compare=False)
    is_sound: bool = field(default=True, compare=False)

    @property
    def custom(self) -> Mapping[str, Any]:
        """What the guide knows about the entry: verified, status, keep."""
        found = self.item.get("custom")
        return found if isinstance(found, dict) else {}

    @property
    def csl(self) -> dict[str, Any]:
        """The item as CSL-JSON, without the guide's own fields; of one that does not fit its schema, the title."""
        if not self.is_sound:
            return {"id": self.id, "type": "document", "title": str(self.item.get("title") or self.id)}
        return {key: value for key, value in self.item.items() if key != "custom"}

    @property
    def links(self) -> list[tuple[str, str]]:
        """Label and address of each place where the work can be read."""
        links = []
        if doi := self.item.get("DOI"):
            links.append(("DOI", f"https://doi.org/{doi}"))
        if pmid := self.item.get("PMID"):
            links.append(("PubMed", f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"))
        if pmcid := self.item.get("PMCID"):
            links.append(("Full text", f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/"))
        if not links and (url := self.item.get("URL")):
            links.append(("Page", str(url)))
        return links


References = Mapping[str, Reference]


def load(source: Source) -> tuple[References, list[Diagnostic]]:
    """Read the references. Returns them by id, and what is wrong with the file."""
    items, problems = records.load_items(source, "references", Rule.DUPLICATE_REFERENCE)
    for item in items:
        problems += _check_doi(item)
    problems += _check_works(items)
    return {item.id: Reference(item.id, item.value, item.place("id"), item.is_sound) for item in items}, problems


def _check_doi(item: Item) -> Iterator[Diagnostic]:
    doi = item.text("DOI")
    if doi and not _DOI.fullmatch(doi):
        bare = _DOI_ADDRESS.sub("", doi)
        hint = f"Write '{bare}'." if _DOI.fullmatch(bare) else "A DOI looks like 10.1176/ajp.2006.163.11.1905."
        yield Rule.INVALID_DOI.at(item.place("DOI"), f"'{doi}' is not a DOI", hint)


def _check_works(items: Iterable[Item]) -> Iterator[Diagnostic]:
    """Find the same identifier under two ids."""
    first: dict[tuple[str, str], Item] = {}
    for item in items:
        for name in IDENTIFIERS:
            if value := item.text(name):
                other = first.setdefault((name, _normal(value)), item)
                if other is not item:
                    message = f"the {name} of '{item.id}' is also that of '{other.id}' (line {other.place('id').line})"
                    yield Rule.DUPLICATE_WORK.at(item.place(name), message, "Keep one entry and cite it.")


def _normal(identifier: str) -> str:
    return re.sub(r"[\s-]", "", _DOI_ADDRESS.sub("", identifier)).casefold()


def check_used(references: References, cited: Iterable[str]) -> Iterator[Diagnostic]:
    """Find the works that nothing cites and that do not say why they stay."""
    used = frozenset(cited)
    for reference in references.values():
        if reference.id not in used and not reference.custom.get("keep"):
            hint = "Cite it, take it out, or add 'keep: why it stays' under custom."
            yield Rule.UNUSED_REFERENCE.at(reference.place, f"nothing cites '{reference.id}'", hint)


def uses(cited: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Turn page → ids into id → pages, in the order of the pages."""
    pages: dict[str, list[str]] = defaultdict(list)
    for page, ids in cited.items():
        for key in dict.fromkeys(ids):
            pages[key].append(page)
    return pages


def anchor(key: str) -> str:
    """The id of a reference on a page."""
    return f"ref-{key}"


def describe(reference: Reference, entry: str) -> str:
    """The entry with its links and what is known of it, as HTML."""
    links = " ".join(
        f'<a class="identifier" href="{escape(address)}" rel="noreferrer noopener">{label}</a>'
        for label, address in reference.links
    )
    status = reference.custom.get("status")
    note = f' <span class="reference-status">{escape(str(status))}</span>' if status else ""
    return f'<span class="csl-entry">{entry}</span> {links}{note}'


def in_order(references: References, entries: Mapping[str, str]) -> list[Reference]:
    """All works in the order of their formatted entries."""
    return sorted(references.values(), key=lambda reference: entries[reference.id].casefold())


def markdown(
    references: References,
    entries: Mapping[str, str],
    uses: Mapping[str, list[str]],
    titles: Mapping[str, str],
    folder: str,
) -> str:
    """All works in the order of their entries, as Markdown for the page in `folder`.

    `entries` maps ids to HTML, `uses` ids to the pages that cite them, `titles` pages to their titles.
    """
    items = []
    for reference in in_order(references, entries):
        links = [
            f"[{titles[page]}]({posixpath.relpath(page, folder or '.')}#{anchor(reference.id)})"
            for page in uses.get(reference.id, ())
        ]
        used = f"Cited in {', '.join(links)}." if links else "Not cited yet."
        checked = (
            f'<span class="reference-check">Checked: {escape(str(reference.custom.get("verified", "no")))}.</span>'
        )
        entry = _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", describe(reference, entries[reference.id]))
        items.append(f'<li id="{escape(anchor(reference.id))}" markdown="span">{entry} {checked} {used}</li>')
    return '<ol class="references no-terms" markdown="block">\n' + "\n".join(items) + "\n</ol>"
