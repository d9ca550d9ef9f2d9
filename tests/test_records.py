"""YAML with places: read, refused, held against a schema."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide import glossary, helplines, people, records, references
from guide.diagnostics import Diagnostic, Rule
from guide.records import Item, Records
from guide.source import Source

TEA = """\
# Tea
- id: green
  name: Green tea
  leaves: [young, {old: 2}]
- id: black
"""
PERSON = "- {{id: {id}, name: {name}, role: r, credentials: c, interests: i}}\n"


def read(text: str) -> tuple[Records | None, list[Diagnostic]]:
    return records.read(Source("tea.yml", text), Rule.INVALID_DATA)


def value(text: str) -> object:
    document, problems = read(text)
    assert document
    assert not problems
    return document.value


def problem(text: str) -> str:
    """The place and the words of the only problem."""
    document, (found,) = read(text)
    assert document is None
    return f"{found.place.line}:{found.place.column}: {found.message}"


def load(text: str) -> tuple[list[Item], list[Diagnostic]]:
    return records.load_items(Source("people.yml", text), "people")


def messages(text: str) -> set[str]:
    return {f"{found.place.line}:{found.place.column}: {found.message}" for found in load(text)[1]}


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ([], 2, 1),
        ([0], 2, 3),
        ([0, "id"], 2, 7),
        ([0, "name"], 3, 9),
        ([0, "leaves"], 4, 11),
        ([0, "leaves", 0], 4, 12),
        ([0, "leaves", 1, "old"], 4, 25),
        ([1, "id"], 5, 7),
        ([1, "name"], 5, 3),
        ([1, "leaves", 0], 5, 3),
    ],
)
def test_a_value_has_a_place_and_one_that_is_missing_that_of_what_should_hold_it(
    path: list[str | int], line: int, column: int
) -> None:
    document, _ = read(TEA)
    assert document
    place = document.place(path)
    assert (place.path, place.line, place.column) == ("tea.yml", line, column)


def test_a_key_has_a_place_of_its_own() -> None:
    document, _ = read(TEA)
    assert document
    assert str(document.key_place([0, "name"])) == "tea.yml:3:3"
    assert str(document.key_place([0, "leaves", 1, "old"])) == "tea.yml:4:20"
    assert str(document.key_place([1, "name"])) == "tea.yml:5:3"


@pytest.mark.parametrize("text", ["2026-01-02", "2026-13-45", "2026-01-02T10:00:00Z"])
def test_a_date_is_read_as_the_text_it_is(text: str) -> None:
    assert value(f"day: {text}") == {"day": text}


@pytest.mark.parametrize("text", ["", "\n", "# Nothing\n", "---\n"])
def test_a_text_without_a_value_is_no_problem(text: str) -> None:
    document, problems = read(text)
    assert not problems
    assert document is None or document.value is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: b: c", "1:5"),
        ("a: [b", "1:6"),
        ("a: 'b", "1:6"),
        ("a:\n\tb: c", "2:1"),
        ("a: @b", "1:4"),
        ("a: *b", "1:4"),
        ("a: &b [c]\nd: *b", "1:4"),
        ("? [a]\n: b", "1:3"),
        ("a: b\n---\nc: d", "2:1"),
        ("a: \x07", "1:4"),
        ("a: !!set {b}", "1:4"),
        ("a: !!timestamp 2026-01-02", "1:4"),
    ],
)
def test_yaml_that_is_not_read_has_a_place(text: str, place: str) -> None:
    assert problem(text).startswith(f"{place}: unreadable YAML")


@pytest.mark.parametrize("text", ["[" * 3000, "{a: " * 3000, "- " * 3000 + "a"])
def test_nesting_without_end_is_refused_and_ends_no_process(text: str) -> None:
    assert "nested more than" in problem(text)


def test_an_alias_cannot_make_a_small_file_a_huge_one() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    assert "aliases" in problem("\n".join(lines))


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.getcwd []", "!ENV [A, b]", "!relative x", "!<!x> y"])
def test_a_tag_that_would_compute_something_computes_nothing(tag: str) -> None:
    assert value(f"a: {tag}\nb: 1") == {"a": None, "b": 1}


def test_a_key_that_is_given_twice_is_found_and_the_rest_is_read() -> None:
    document, (found,) = read("a: 1\nb: {c: 1, c: 2}")
    assert document
    assert str(found.place) == "tea.yml:2:11"
    assert "'c' is given twice" in found.message


def test_items_are_those_that_have_an_id_of_their_own() -> None:
    items, _ = load(
        PERSON.format(id="a", name="A") + "- {name: B}\n- text\n- {id: 3}\n" + PERSON.format(id="a", name="C")
    )
    assert [(item.id, item.text("name")) for item in items] == [("a", "A")]


def test_an_id_that_is_given_twice_names_the_line_of_the_first() -> None:
    assert messages(PERSON.format(id="a", name="A") + "\n" + PERSON.format(id="a", name="B")) == {
        "3:8: the id 'a' is given twice, first on line 1"
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b", "1:1: the file must be a list"),
        ("- {id: a, name: A, role: r, credentials: c}", "1:3: the item lacks 'interests'"),
        ("- {id: a, name: A, role: r}", "1:3: the item lacks credentials, interests"),
        (PERSON.format(id="a", name="3"), "1:17: 'name' must be text (quote it if it looks like a number)"),
        (PERSON.format(id="A", name="b"), "1:8: 'id' does not have the right form: A"),
        (PERSON.format(id="a", name="A, kind: man"), "1:26: 'kind' must be one of person, group, not 'man'"),
        (PERSON.format(id="a", name="A, nme: b"), "1:20: unknown key 'nme'"),
    ],
)
def test_a_mistake_is_told_in_words(text: str, expected: str) -> None:
    assert messages(text) == {expected}


def test_an_unknown_key_that_looks_like_a_known_one_is_answered_with_it() -> None:
    _, (found,) = load(PERSON.format(id="a", name="A, kinds: group"))
    assert found.hint == "Did you mean 'kind'?"


def test_a_long_text_is_counted() -> None:
    _, problems = glossary.load(Source("", f"- {{id: a, term: A, definition: {'x' * 301}}}"))
    assert [found.message for found in problems] == ["'definition' has 301 characters, at most 300 fit"]


@pytest.mark.parametrize("name", ["glossary", "helplines", "page", "people", "references"])
def test_every_schema_is_one(name: str) -> None:
    assert records.schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


LOADERS = [references.load, glossary.load, people.load, helplines.load]
FIELDS = ["id", "type", "title", "author", "issued", "custom", "DOI", "term", "aliases", "see", "name", "call"]
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from("ab"))
keys = st.sampled_from(FIELDS)
trees = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4))
items = st.lists(st.dictionaries(keys, trees, max_size=6) | trees, max_size=3)


@settings(deadline=None)
@given(text=st.one_of(st.text(), st.text(alphabet="-:[]{}&*!|>?'\"%@`# \n\ta0"), items.map(str), trees.map(str)))
def test_no_text_whatsoever_makes_reading_raise(text: str) -> None:
    lines = text.count("\n") + 2
    found = [problem for load in LOADERS for problem in load(Source("data.yml", text))[1]]
    assert all(1 <= problem.place.line <= lines for problem in found)
    assert Counter(problem.place.path for problem in found).keys() <= {"data.yml"}
