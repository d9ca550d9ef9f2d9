"""Citations in the text of a page, written as in Pandoc: [@key], [@a; @b, p. 12]."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from guide.diagnostics import Diagnostic, Rule, did_you_mean
from guide.references import Reference, References, anchor, describe
from guide.source import Source

# Pandoc's manual, "Citation syntax": a key begins with a letter, digit or _, and may hold single punctuation inside.
_KEY = r"@(?P<key>\w+(?:[:.#$%&+?<>~/-]\w+)*)"
_GROUP = re.compile(
    r"(?<!\\)\[(?P<body>(?:[^\[\]@\n]*[\s;-])?" + _KEY + r"(?:(?!\n[ \t]*\n)[^\[\]])*)\](?!\[[^\[\]@]*\])"
)
_PART = re.compile(r"(?P<prefix>[^@]*?)-?" + _KEY + r"(?P<suffix>.*)", re.DOTALL)
_SECOND_KEY = re.compile(r"(?<!\w)@\w")


@dataclass(frozen=True)
class Citation:
    """One key of a group: its offset in the text, what stands before it and behind it."""

    key: str
    offset: int
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Group:
    """A pair of brackets: where it stands, its citations, and the offsets of parts that hold no key."""

    start: int
    end: int
    citations: tuple[Citation, ...]
    malformed: tuple[int, ...] = ()


def find(source: Source) -> Iterator[Group]:
    """Find the citations in the prose of a page, in their order."""
    for match in source.find(_GROUP):
        if source.markup.startswith("(", match.end()):
            continue  # the text of a link
        citations, malformed, offset = [], [], match.start("body")
        for text in source.text[offset : match.end("body")].split(";"):
            part = _PART.fullmatch(text)
            second = _SECOND_KEY.search(part["suffix"]) if part else None
            if part and not second:
                suffix = part["suffix"].strip().lstrip(",:").strip()
                citations.append(Citation(part["key"], offset + part.start("key") - 1, part["prefix"].strip(), suffix))
            else:
                malformed.append(offset + (part.start("suffix") + second.start() if part and second else 0))
            offset += len(text) + 1
        yield Group(match.start(), match.end(), tuple(citations), tuple(malformed))


def keys(source: Source) -> list[str]:
    """All keys that a page cites, in their order."""
    return [citation.key for group in find(source) for citation in group.citations]


def check(source: Source, references: References) -> Iterator[Diagnostic]:
    """Find the citations that lead nowhere."""
    for group in find(source):
        for offset in group.malformed:
            hint = "Separate works by ';' and a page from its work by ','."
            yield Rule.MALFORMED_CITATION.at(source.place(offset), "a part of the citation has not one key", hint)
        for citation in group.citations:
            if citation.key not in references:
                hint = did_you_mean(citation.key, references) or "Add it to the data file of references."
                yield Rule.UNKNOWN_CITATION.at(
                    source.place(citation.offset), f"unknown citation '{citation.key}'", hint
                )


def render(
    source: Source, references: References, entries: Mapping[str, str], listed: Mapping[str, int] | None = None
) -> str:
    """Turn the citations into numbered links and append the page's list of references.

    `entries` maps ids to formatted HTML. Every newline of the text stays; a group with an unknown key stays as it is.
    A page that lists all works itself gives their numbers as `listed`, and gets no second list.
    """
    numbers = dict(listed or {})
    uses: dict[str, int] = {}
    parts, end = [], 0
    for group in find(source):
        if group.malformed or any(citation.key not in references for citation in group.citations):
            continue
        links = [_link(citation, numbers, uses) for citation in group.citations]
        newlines = "\n" * source.text.count("\n", group.start, group.end)
        parts += [source.text[end : group.start], f'<span class="citations">[{", ".join(links)}]</span>', newlines]
        end = group.end
    text = "".join([*parts, source.text[end:]])
    return text if listed or not numbers else text + _reference_list(numbers, uses, references, entries)


def _link(citation: Citation, numbers: dict[str, int], uses: dict[str, int]) -> str:
    number = numbers.setdefault(citation.key, len(numbers) + 1)
    uses[citation.key] = use = uses.get(citation.key, 0) + 1
    key = escape(citation.key)
    prefix = f"{escape(citation.prefix)} " if citation.prefix else ""
    suffix = f", {escape(citation.suffix)}" if citation.suffix else ""
    return f'{prefix}<a class="citation" id="cite-{key}-{use}" href="#{anchor(key)}">{number}</a>{suffix}'


def _reference_list(
    numbers: Mapping[str, int], uses: Mapping[str, int], references: References, entries: Mapping[str, str]
) -> str:
    items = [_item(references[key], entries[key], uses[key]) for key in numbers]
    heading = "## References { #references data-search-exclude }"
    return f'\n\n{heading}\n\n<ol class="references" data-search-exclude>\n{"".join(items)}</ol>\n'


def _item(reference: Reference, entry: str, uses: int) -> str:
    key = escape(reference.id)
    backrefs = " ".join(_backref(key, use, uses) for use in range(1, uses + 1))
    return f'<li id="{anchor(key)}">{describe(reference, entry)} {backrefs}</li>\n'


def _backref(key: str, use: int, uses: int) -> str:
    label = f"Back to use {use} in the text"
    return f'<a class="backref" href="#cite-{key}-{use}" aria-label="{label}">↩{use if uses > 1 else ""}</a>'
