"""What every page must keep to: its front matter, links, pictures, raw HTML and characters."""

import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml import etree
from markdown.extensions.toc import slugify, unique

from guide import records
from guide.diagnostics import Diagnostic, Rule, did_you_mean
from guide.records import Records
from guide.source import Place, Source

_TARGET = re.compile(
    r"""
    \]\(\s*
    (?: <(?P<angle>[^<>\n]*)>
      | (?P<bare>(?:[^\s()\\]|\\.|\((?:[^\s()]|\([^\s()]*\))*\))*)(?=[\s)])
      | (?P<rest>\S*) )     # brackets that are not closed, or three deep
    """,
    re.VERBOSE,
)
_DEFINITION = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*\[(?P<name>[^\]\n^@][^\]\n]*)\]:[ \t]*\n?[ \t]*<?(?P<bare>[^\s>]+)",
    re.MULTILINE,
)
_PICTURE_BY_NAME = re.compile(r"!\[(?P<alt>[^\[\]]*)\](?:[ ]?\[(?P<name>[^\[\]]*)\])?(?!\()")
_AUTOLINK = re.compile(r"<(?P<bare>[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*)>")
# In quotes, lists and notes too, which indent by four; Python-Markdown reads no heading behind one to three spaces.
_HEADING = re.compile(r"^(?: {4}|\t|>[ ]?|(?:[-*+]|\d+[.)])[ ]++)*+(?P<level>#{1,6})(?P<text>[^\n]*)$", re.MULTILINE)
_SETEXT = re.compile(r"(?:\A|\n[ \t]*\n)(?P<text>[^\n]+)\n(?:=+|-+)[ ]*$", re.MULTILINE)
_EXPLICIT_ID = re.compile(r"\{:?[^{}\n]*#(?P<id>[^\s{}]+)[^{}\n]*\}")
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<attributes>(?:\s[^<>]*?)?)/?>")
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s"'<>/=]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'<>]+)))?"""
)
_OPEN_TAG = re.compile(r"<(?=/?[A-Za-z!?])")
_MAIL = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
# Behind an element, or at the end of a line or a cell: elsewhere braces are text.
_ATTRIBUTE_LIST = re.compile(
    r"(?:(?<=[)\]*_`>])|(?=[^\n]*?\}[ \t]*(?:\||$)))\{:?[ ]*(?P<attributes>[^{}\n ][^{}\n]*)\}", re.MULTILINE
)

# Raw HTML that a page may use where Markdown has no word for it.
_TAGS = frozenset(
    {
        "abbr",
        "br",
        "cite",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "hr",
        "ins",
        "kbd",
        "mark",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "wbr",
    }
)
_ATTRIBUTES = frozenset({"class", "dir", "id", "lang", "markdown", "open", "title"})
_SCHEMES = frozenset({"http", "https", "mailto"})

# Control, direction, zero-width and private characters; the joiners U+200C and U+200D belong to scripts and emoji.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


@dataclass(frozen=True)
class Link:
    """A link or a picture: its target as written, and the offsets of the target and of the whole.

    `alt` is the description of a picture, None of a link.
    """

    target: str
    offset: int
    start: int
    alt: str | None = None


def load_front_matter(source: Source) -> tuple[Records | None, list[Diagnostic]]:
    """Read the settings at the top of a page, and say what is wrong with them."""
    if source.front_matter_span is None:
        if re.match(r"---[ \t]*\n(?!(?:---|\.\.\.)[ \t]*(?:\n|\Z))", source.text):
            return None, [
                Rule.INVALID_FRONT_MATTER.at(
                    Place(source.path), "the front matter is not closed", "End it with a line '---'."
                )
            ]
        return None, [
            Rule.INVALID_FRONT_MATTER.at(
                Place(source.path),
                "the page has no front matter",
                "Begin it with '---', title, description and last_updated.",
            )
        ]
    document, problems = records.read(source, Rule.INVALID_FRONT_MATTER, source.front_matter_span)
    if document is None:
        return None, problems or [
            Rule.INVALID_FRONT_MATTER.at(
                Place(source.path), "the front matter is empty", "Give it title, description and last_updated."
            )
        ]
    problems += records.validate(document, "page", Rule.INVALID_FRONT_MATTER, Rule.UNKNOWN_FRONT_MATTER)
    return document, problems


def check_people(front_matter: Records, people: Collection[str]) -> Iterator[Diagnostic]:
    """Find the authors and reviewers whom nobody knows."""
    values = front_matter.value if isinstance(front_matter.value, dict) else {}
    for key in ("authors", "reviewed_by"):
        ids = values.get(key)
        for number, person in enumerate(ids if isinstance(ids, list) else ()):
            if isinstance(person, str) and person not in people:
                yield Rule.UNKNOWN_PERSON.at(
                    front_matter.place([key, number]), f"unknown person '{person}'", did_you_mean(person, people)
                )


def links(source: Source) -> Iterator[Link]:
    """All links and pictures in the markup of a page, in no fixed order."""
    markup = source.markup
    for match in _TARGET.finditer(markup):
        group = next(name for name in ("angle", "bare", "rest") if match[name] is not None)
        opening = _opening_bracket(markup, match.start())
        is_picture = opening > 0 and markup[opening - 1] == "!"
        alt = source.text[opening + 1 : match.start()] if is_picture else None
        yield Link(match[group], match.start(group), opening - is_picture, alt)
    definitions = {match["name"].casefold(): match for match in _DEFINITION.finditer(markup)}
    for match in (*definitions.values(), *_AUTOLINK.finditer(markup)):
        yield Link(match["bare"], match.start("bare"), match.start())
    for match in _PICTURE_BY_NAME.finditer(markup):
        if definition := definitions.get((match["name"] or match["alt"]).casefold()):
            yield Link(definition["bare"], definition.start("bare"), match.start(), match["alt"])


def _opening_bracket(markup: str, closing: int) -> int:
    """The offset of the bracket that the one at `closing` closes; that of the closing one if there is none."""
    depth = 0
    for offset in range(closing, max(closing - _LONGEST_TEXT, -1), -1):
        if markup[offset] in "[]" and markup[offset - 1 : offset] != "\\":
            depth += 1 if markup[offset] == "]" else -1
            if depth == 0:
                return offset
    return closing


_LONGEST_TEXT = 2_000


def anchors(source: Source) -> set[str]:
    """The ids of the headings and tags of a page, as Python-Markdown's toc extension makes them."""
    markup = source.markup
    found = {match["id"] for match in _EXPLICIT_ID.finditer(markup)}
    for tag in _TAG.finditer(markup):
        found.update(value for name, value, _ in _attributes(tag) if name == "id")
    used = set(found)
    headings = [match for pattern in (_HEADING, _SETEXT) for match in pattern.finditer(markup)]
    for match in sorted(headings, key=lambda match: match.start("text")):
        # The text as written: markup has its code spans blanked.
        text = source.text[match.start("text") : match.end("text")]
        if not _EXPLICIT_ID.search(text):
            found.add(unique(slugify(_plain(text), "-"), used))
    return found


def _plain(text: str) -> str:
    """A heading as it is read, without its markup."""
    text = re.sub(r"\{:?[^{}]*\}[ \t]*$|[ \t]+#+[ \t]*$", "", text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)|<[^<>]*>", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return unescape(re.sub(r"`([^`]*)`|[*`]|(?<!\w)_|_(?!\w)", lambda match: match[1] or "", text))


def check_links(
    source: Source, files: Collection[str], page_anchors: Mapping[str, Collection[str]], docs: str
) -> Iterator[Diagnostic]:
    """Find links and pictures that lead nowhere or where no page may lead.

    `files` are all files under `docs`, relative to it; `page_anchors` the ids of each page.
    """
    here = source.path.removeprefix(f"{docs}/")
    for link in links(source):
        if link.alt is not None and not link.alt.strip():
            yield Rule.MISSING_ALT.at(
                source.place(link.start),
                "the picture has no description",
                "Say between the brackets what it tells: ![A leaf, a bud and a flower.](…).",
            )
        place = source.place(link.offset)
        if not link.target.strip():
            yield Rule.BROKEN_LINK.at(
                place, "the link has no target", "Write the path of the page between the brackets."
            )
            continue
        try:
            parts = urlsplit(link.target)
        except ValueError:
            yield Rule.BROKEN_LINK.at(place, f"'{link.target}' is not an address")
            continue
        if parts.scheme or parts.netloc:
            yield from _check_address(link, parts.scheme.casefold() or "https", place)
        else:
            yield from _check_target(parts.path, parts.fragment, here, place, files, page_anchors)


def _check_address(link: Link, scheme: str, place: Place) -> Iterator[Diagnostic]:
    if scheme not in _SCHEMES:
        yield Rule.UNSAFE_LINK.at(place, f"a link may not begin with '{scheme}:'", "Use https: or a path to a page.")
    elif link.alt is not None:
        yield Rule.EXTERNAL_RESOURCE.at(
            place,
            "the picture lies on another host",
            "Keep a copy beside the pages, and say in the text where it is from.",
        )


def _check_target(
    path: str,
    fragment: str,
    here: str,
    place: Place,
    files: Collection[str],
    page_anchors: Mapping[str, Collection[str]],
) -> Iterator[Diagnostic]:
    target = posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(path))) if path else here
    if target not in files:
        nearest = did_you_mean(target, files)
        hint = nearest or "Write the path from this page to the file, with its ending."
        yield Rule.BROKEN_LINK.at(place, f"'{path}' is not a file of the guide", hint)
    elif fragment and target in page_anchors and unquote(fragment) not in page_anchors[target]:
        yield Rule.BROKEN_ANCHOR.at(
            place, f"'{target}' has no heading or entry '#{fragment}'", did_you_mean(fragment, page_anchors[target])
        )


def check_html(source: Source) -> Iterator[Diagnostic]:
    """Find raw HTML outside the short list, even where it stands in code that is not closed."""
    end = 0
    targets = {match.start("angle") - 1 for match in _TARGET.finditer(source.markup) if match["angle"] is not None}
    for opening in _OPEN_TAG.finditer(source.markup):
        if opening.start() < end or opening.start() in targets or _MAIL.match(source.markup, opening.start()):
            continue
        tag = _TAG.match(source.markup, opening.start())
        if tag is None:
            if not _AUTOLINK.match(source.markup, opening.start()):
                yield Rule.UNSAFE_HTML.at(
                    source.place(opening.start()), "a tag that is not closed", "Write &lt; for the sign itself."
                )
            continue
        end = tag.end()
        yield from _check_tag(source, tag)


def check_attributes(source: Source) -> Iterator[Diagnostic]:
    """Find attribute lists, `{ name=value }`, that give an element more than pages may give it."""
    for found in _ATTRIBUTE_LIST.finditer(source.markup):
        for match in _ATTRIBUTE.finditer(found["attributes"]):
            if "=" in match[0] and not _is_allowed(match["name"].casefold()):
                yield _unsafe_attribute(source, match["name"], found.start("attributes") + match.start())


def _is_allowed(attribute: str) -> bool:
    return attribute in _ATTRIBUTES or attribute.startswith("aria-")


def _unsafe_attribute(source: Source, name: str, offset: int) -> Diagnostic:
    return Rule.UNSAFE_HTML.at(source.place(offset), f"pages may not use the attribute '{name}'", "Take it out.")


def _check_tag(source: Source, tag: re.Match[str]) -> Iterator[Diagnostic]:
    name = tag["name"].casefold()
    if name == "img":
        if not any(attribute == "alt" and value.strip() for attribute, value, _ in _attributes(tag)):
            yield Rule.MISSING_ALT.at(
                source.place(tag.start()),
                "the picture has no description",
                "Write it in Markdown: ![What it tells.](path).",
            )
        yield Rule.UNSAFE_HTML.at(
            source.place(tag.start()), "a picture as raw HTML", "Write it in Markdown: ![What it tells.](path)."
        )
    elif name not in _TAGS:
        yield Rule.UNSAFE_HTML.at(
            source.place(tag.start()), f"pages may not use <{tag['name']}>", "Write it in Markdown, or take it out."
        )
    else:
        for attribute, _, offset in _attributes(tag):
            if not _is_allowed(attribute):
                yield _unsafe_attribute(source, attribute, offset)


def _attributes(tag: re.Match[str]) -> Iterator[tuple[str, str, int]]:
    """Name, value and offset of each attribute of a tag."""
    for match in _ATTRIBUTE.finditer(tag["attributes"]):
        value = match["double"] or match["single"] or match["bare"] or ""
        yield match["name"].casefold(), value, tag.start("attributes") + match.start()


# What Markdown and the theme's extensions make of a page, beside what pages may write themselves.
_RENDERED_TAGS = _TAGS.union(
    ("a", "aside", "b", "blockquote", "body", "code", "h1", "h2", "h3", "h4", "h5", "h6", "head", "html", "i", "img"),
    ("li", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr", "ul"),
)
_RENDERED_ATTRIBUTES = _ATTRIBUTES.union(
    ("align", "alt", "colspan", "height", "href", "loading", "rel", "role", "rowspan", "scope", "src", "start"),
    ("style", "width"),
)
_ALIGNMENT = re.compile(r"text-align:\s*(?:left|right|center);?")


def active_content(html: str) -> list[str]:
    """Name what stands in a rendered page and could act on its own, or ask another host for something.

    The rules look at the text as written and say where; this looks at what came of it, and knows only what is allowed:
    elements, attributes, and addresses.
    """
    found = []
    for element in lxml.html.fragment_fromstring(html, create_parent="div").iter(etree.Element):
        tag = str(element.tag).casefold()
        if tag not in _RENDERED_TAGS:
            found.append(f"<{tag}>")
        found += [
            f"<{tag} {name}>" for name, value in element.attrib.items() if not _is_inert(tag, str(name), str(value))
        ]
    return found


def _is_inert(tag: str, name: str, value: str) -> bool:
    if name not in _RENDERED_ATTRIBUTES and not name.startswith(("aria-", "data-")):
        return False
    if name in {"href", "src"}:
        try:
            parts = urlsplit(re.sub(r"[\s\x00-\x1f]", "", value))
        except ValueError:
            return False
        is_here = not parts.scheme and not parts.netloc
        return is_here or (tag == "a" and parts.scheme.casefold() in _SCHEMES | {"tel", "sms"})
    return _ALIGNMENT.fullmatch(value) is not None if name == "style" else "<" not in value


def check_characters(source: Source) -> Iterator[Diagnostic]:
    """Find the characters that nobody sees."""
    for match in _HIDDEN.finditer(source.text):
        name = unicodedata.name(match[0], "a control character").lower()
        yield Rule.HIDDEN_CHARACTER.at(
            source.place(match.start()), f"hidden character U+{ord(match[0]):04X} ({name})", "Delete it."
        )
