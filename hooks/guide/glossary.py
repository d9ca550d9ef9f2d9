"""The terms of the guide: read from docs/data/glossary.yml, found in the text, told on the glossary page."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from guide import records
from guide.diagnostics import Diagnostic, Rule, did_you_mean
from guide.records import Item
from guide.source import Place, Source

# A star inside a word (STAR*D) may be escaped, in Markdown or by Python-Markdown until it has serialised the page.
_STAR = r"(?:\\?\*|\x0242\x03)"
_ESCAPED_STAR = re.compile(_STAR)
_WORD = re.compile(rf"[^\W_]+(?:{_STAR}[^\W_]+)?")
# What may stand between the words of a name: spaces, a line break, a hyphen, a dash or an apostrophe.
_JOINT = re.compile(r"(?:\s{1,3}|[-\u00ad\u2010-\u2013\u2212]|['\u2019])")


@dataclass(frozen=True)
class Term:
    """An entry of the glossary, and the item of the data that it was read from."""

    id: str
    term: str
    definition: str
    item: Item = field(compare=False, repr=False)
    aliases: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    more: str = ""
    say: str = ""
    keep: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The term and its aliases."""
        return self.term, *self.aliases


@dataclass(frozen=True)
class Use:
    """A term found in a text, from `start` to `end`."""

    start: int
    end: int
    term: Term


@dataclass(frozen=True)
class Glossary:
    """All terms by id."""

    terms: Mapping[str, Term]

    def __len__(self) -> int:
        """How many terms there are."""
        return len(self.terms)

    @cached_property
    def _forms(self) -> dict[str, list[tuple[tuple[str, ...], bool, Term]]]:
        """First word → (all words, exact case, term) of each form that begins with it, the longest first."""
        forms: dict[str, dict[tuple[tuple[str, ...], bool], Term]] = {}
        for term in self.terms.values():
            for name in term.names:
                for words, exact in _inflections(name):
                    forms.setdefault(words[0].casefold(), {}).setdefault((words, exact), term)
        return {
            first: sorted(((*key, term) for key, term in found.items()), key=lambda form: -len(form[0]))
            for first, found in forms.items()
        }

    def find(self, text: str) -> Iterator[Use]:
        """Find names, aliases, their plurals and possessives. The longest match wins, and matches never overlap.

        The time depends on the length of the text, not on the number of terms.
        """
        matches = list(_WORD.finditer(text))
        words = [_ESCAPED_STAR.sub("*", match[0]) for match in matches]
        number = 0
        while number < len(words):
            term, count = self._match(text, matches, words, number)
            if term:
                yield Use(matches[number].start(), matches[number + count - 1].end(), term)
            number += count

    def _match(self, text: str, matches: list[re.Match[str]], words: list[str], number: int) -> tuple[Term | None, int]:
        """The term that begins at a word, and how many words to go on by."""
        for form, exact, term in self._forms.get(words[number].casefold(), ()):
            end = number + len(form)
            if (
                end <= len(words)
                and all(map(_same_exact if exact else _same, words[number:end], form))
                and _joined(text, matches[number:end])
            ):
                return term, len(form)
        return None, 1


def _same(word: str, form: str) -> bool:
    return word.casefold() == form.casefold()


def _same_exact(word: str, form: str) -> bool:
    return word == form


def _joined(text: str, words: list[re.Match[str]]) -> bool:
    return all(_JOINT.fullmatch(text, before.end(), after.start()) for before, after in pairwise(words))


def _inflections(name: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The words of a name and of its English plural, and whether their case counts: that of an acronym does."""
    words = tuple(match[0] for match in _WORD.finditer(name))
    if not words:
        return
    exact = len(words) == 1 and words[0].isupper()
    yield words, exact
    last = words[-1]
    yield (*words[:-1], last + "s"), exact
    if not exact and last.casefold().endswith(("s", "x", "ch", "sh")):
        yield (*words[:-1], last + "es"), exact
    if not exact and last.casefold().endswith("y") and last[-2:-1].casefold() not in "aeiou":
        yield (*words[:-1], last[:-1] + "ies"), exact


def load(source: Source) -> tuple[Glossary, list[Diagnostic]]:
    """Read the terms. Returns those that have a name, and what is wrong with the file."""
    items, problems = records.load_items(source, "glossary", Rule.DUPLICATE_TERM)
    problems += _check_names(items)
    problems += _check_see(items)
    named = (item for item in items if item.text("term"))
    return Glossary({item.id: _term(item) for item in named}), problems


def _term(item: Item) -> Term:
    return Term(
        id=item.id,
        term=item.text("term"),
        definition=item.text("definition"),
        aliases=item.texts("aliases"),
        search=item.texts("search"),
        avoid=item.texts("avoid"),
        references=item.texts("references"),
        see=item.texts("see"),
        more=item.text("more"),
        say=item.text("say"),
        keep=item.value.get("keep") is True,
        item=item,
    )


def _check_names(items: Iterable[Item]) -> Iterator[Diagnostic]:
    """Find a name that is given twice, in whatever case, number and hyphens."""
    owners: dict[str, tuple[str, str, Place]] = {}
    for owner, name, place in _names(items):
        for words, _ in _inflections(name):
            form = " ".join(words).casefold()
            other, first_name, first = owners.setdefault(form, (owner, name, place))
            if first != place and (other != owner or first_name.casefold() == name.casefold()):
                message = f"'{name}' is already a name of '{other}' (line {first.line})"
                yield Rule.DUPLICATE_TERM.at(
                    place, message, "Take it out of one of the two; plurals in -s are found without it."
                )
                break


def _names(items: Iterable[Item]) -> Iterator[tuple[str, str, Place]]:
    """The id, the name and the place of every term and alias."""
    for item in items:
        yield item.id, item.text("term"), item.place("term")
        for position, alias in enumerate(item.texts("aliases")):
            yield item.id, alias, item.place("aliases", position)


def _check_see(items: Collection[Item]) -> Iterator[Diagnostic]:
    ids = frozenset(item.id for item in items)
    for item in items:
        for position, other in enumerate(item.texts("see")):
            if other not in ids:
                yield Rule.UNKNOWN_TERM.at(
                    item.place("see", position), f"unknown term '{other}'", did_you_mean(other, ids)
                )


def check_used(glossary: Glossary, used: Iterable[str]) -> Iterator[Diagnostic]:
    """Find the terms that no page uses and that do not ask to be kept."""
    ids = frozenset(used)
    for term in glossary.terms.values():
        if term.id not in ids and not term.keep:
            yield Rule.UNUSED_TERM.at(
                term.item.place("id"), f"no page uses '{term.term}'", "Take it out, or give it keep: true."
            )


def anchors(glossary: Glossary) -> set[str]:
    """The ids of the entries and letters on the glossary page."""
    return {anchor for term in glossary.terms.values() for anchor in (term.id, _letter(term).lower())}


def _letter(term: Term) -> str:
    return term.term[0].upper()


def markdown(glossary: Glossary) -> str:
    """The entries of the glossary page, A to Z, as Markdown."""
    parts, letter = [], ""
    for term in sorted(glossary.terms.values(), key=lambda term: term.term.casefold()):
        if _letter(term) != letter:
            letter = _letter(term)
            parts.append(f"## {letter} {{ #{letter.lower()} }}")
        parts.append(_entry(term, glossary))
    return "\n\n".join(parts)


def _entry(term: Term, glossary: Glossary) -> str:
    lines = [f"### {term.term} {{ #{term.id} }}"]
    names = [
        *([f"say {term.say}"] if term.say else []),
        *([f"also: {', '.join(term.aliases)}"] if term.aliases else []),
    ]
    if names:
        lines.append(f"*{'; '.join(names)}*")
    sources = f" [{'; '.join(f'@{key}' for key in term.references)}]" if term.references else ""
    lines.append(term.definition.rstrip() + sources)
    if term.more:
        lines.append(term.more)
    if see := [f"[{glossary.terms[other].term}](#{other})" for other in term.see if other in glossary.terms]:
        lines.append(f"See also: {', '.join(see)}.")
    return "\n\n".join(lines)
