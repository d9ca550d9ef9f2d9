"""Places in a text, and the views of it in which code, comments and markup are blanked."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.project import Project
from guide.source import Place, Source
from tests.test_pages import findings

# Fragments that begin, end and disturb each other's blocks and spans.
PIECES = [
    "```",
    "~~~",
    "`",
    "``",
    "\n",
    "\n\n",
    "    ",
    "\t",
    "- ",
    "> ",
    "!!! note\n\n    ",
    "<!--",
    "-->",
    "<b a='x'>",
]
PIECES += ["---\n", "[a](b", ")", "[a]: b", "{: #a }", "<pre>", "</pre>", "\\", "@key", "[", "]", "茶", "\r\n", "word"]
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))


def source(text: str) -> Source:
    return Source("page.md", text)


def shape(text: str) -> list[int]:
    """The length of each line."""
    return [len(line) for line in text.split("\n")]


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("", 0, 1, 1),
        ("tea", 0, 1, 1),
        ("tea", 2, 1, 3),
        ("tea", 3, 1, 4),
        ("tea\n", 3, 1, 4),
        ("tea\n", 4, 2, 1),
        ("\n\ntea", 1, 2, 1),
        ("\n\ntea", 4, 3, 3),
        ("茶🍵e\u0301x", 4, 1, 5),
        ("a\u2028b\x0cc", 4, 1, 5),
    ],
)
def test_an_offset_has_a_line_and_a_column(text: str, offset: int, line: int, column: int) -> None:
    assert source(text).place(offset) == Place("page.md", line, column)


def test_a_place_reads_as_editors_and_terminals_know_it() -> None:
    assert str(Place("docs/page.md", 14, 7)) == "docs/page.md:14:7"


def test_places_sort_by_file_then_line_then_column() -> None:
    places = [Place("b", 1, 1), Place("a", 10, 1), Place("a", 2, 10), Place("a", 2, 9)]
    assert sorted(places) == [Place("a", 2, 9), Place("a", 2, 10), Place("a", 10, 1), Place("b", 1, 1)]


@settings(deadline=None)
@given(texts)
def test_every_view_has_the_lines_and_lengths_of_the_text(text: str) -> None:
    assert shape(source(text).markup) == shape(source(text).prose) == shape(text)


@settings(deadline=None)
@given(texts)
def test_a_view_holds_what_the_text_holds_or_a_space(text: str) -> None:
    views = zip(text, source(text).markup, source(text).prose, strict=True)
    assert all(seen in {kept, " "} and kept in {character, " "} for character, kept, seen in views)


@settings(deadline=None)
@given(texts)
def test_every_offset_has_a_place_inside_the_text(text: str) -> None:
    lines = text.split("\n")
    places = [source(text).place(offset) for offset in range(len(text) + 1)]
    assert places == [Place("page.md", n, c) for n, line in enumerate(lines, 1) for c in range(1, len(line) + 2)]


def test_an_empty_text_is_a_text() -> None:
    empty = source("")
    assert (empty.markup, empty.prose, empty.front_matter, empty.body_start) == ("", "", None, 0)


@pytest.mark.parametrize(
    ("text", "yaml"),
    [
        ("---\na: 1\n---\nText", "a: 1\n"),
        ("---  \na: 1\nb: 2\n---\t\n", "a: 1\nb: 2\n"),
        ("---\na: 1\n...\nText", "a: 1\n"),
        ("---\na: 1\n---", "a: 1\n"),
        ("---\n\n---\n", "\n"),
        ("\n---\na: 1\n---\n", None),
        (" ---\na: 1\n---\n", None),
        ("----\na: 1\n----\n", None),
        ("---\na: 1\n", None),
        ("---\na: 1\n ---\n", None),
        ("Text\n---\na: 1\n---\n", None),
    ],
)
def test_front_matter_stands_between_lines_of_dashes_at_the_top(text: str, yaml: str | None) -> None:
    assert source(text).front_matter == yaml


def test_front_matter_is_no_prose() -> None:
    assert source("---\na: 1\n---\nText").prose == "   \n    \n   \nText"


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("a `b` c", "a     c"),
        ("a ``b ` c`` d", "a           d"),
        ("a `b\nc` d", "a   \n   d"),
        ("a ` b", "a ` b"),
        (r"a \`b` c", r"a \`b` c"),
        ("a `b\n\nc` d", "a `b\n\nc` d"),
        ("a <!-- b --> c", "a            c"),
        ("a <!-- b", "a <!-- b"),
        ("```\na\n```\nb", "   \n \n   \nb"),
        ("~~~ x\na\n~~~\nb", "     \n \n   \nb"),
        ("```\na", "```\na"),
        ("    a\n\nb", "     \n\nb"),
        ("a\n    b", "a\n    b"),
        ("- a\n\n    b\n\n        c", "- a\n\n    b\n\n         "),
        ("[a](b) c", "[a]    c"),
        ("[a](b(c)) d", "[a]       d"),
        ("![a](b) c", "![a]    c"),
        ("<https://a.b> c", "              c"),
        ('<span title="a">b</span>', "                b       "),
        ("[a]: b", "      "),
        ("a < b > c", "a < b > c"),
    ],
)
def test_prose_is_what_a_reader_reads(text: str, prose: str) -> None:
    assert source(text).prose == prose


def test_line_ends_of_windows_move_no_finding(project: Callable[..., Project]) -> None:
    text = "---\ntitle: Tea\ndescription: Tea.\nlast_updated: soon\n---\n\n```\n[@a]\n```\n\nTea [@nobody] <b>\n"
    unix = findings(project({"docs/page.md": text}), "docs/page.md")
    assert len(unix) == 3
    assert findings(project({"docs/page.md": text.replace("\n", "\r\n")}), "docs/page.md") == unix


def test_a_byte_order_mark_moves_no_finding(project: Callable[..., Project]) -> None:
    text = "---\ntitle: Tea\ndescription: Tea.\nlast_updated: 2026-01-02\n---\n\nTea [@nobody]\n"
    marked = project({"docs/page.md": text.encode("utf-8-sig")})
    assert findings(marked, "docs/page.md") == [(7, 6, "unknown-citation")]


def test_bytes_that_are_not_utf_8_have_a_place(project: Callable[..., Project]) -> None:
    latin = project({"docs/page.md": "---\ntitle: Tea\n---\n\nTé né".encode("latin-1")})
    assert findings(latin, "docs/page.md") == [(5, 2, "not-utf8")]
