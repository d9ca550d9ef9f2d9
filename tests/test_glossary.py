"""Terms found in a text: in any number, case and hyphen, the longest first."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide import glossary
from guide.glossary import Glossary
from guide.source import Source

NAMES = {
    "tea": ["Tea"],
    "black-tea": ["Black tea"],
    "black-tea-leaf": ["Black tea leaf"],
    "gaiwan": ["Gaiwan", "lidded bowl"],
    "berry": ["Berry"],
    "dish": ["Dish"],
    "spray": ["Spray"],
    "ctc": ["Crush, tear, curl", "CTC", "CTC method"],
    "star-d": ["STAR*D"],
    "vitamin": ["B12", "Lu's law"],
    "cafe": ["Café"],
}


def glossary_of(names: dict[str, list[str]]) -> Glossary:
    items = (
        f"- id: {key}\n  term: {term!r}\n  aliases: {aliases!r}\n  definition: What it is.\n"
        for key, (term, *aliases) in names.items()
    )
    terms, problems = glossary.load(Source("glossary.yml", "".join(items)))
    assert not problems
    return terms


TERMS = glossary_of(NAMES)


def found(text: str) -> list[tuple[str, str]]:
    """The text and the term of each use."""
    return [(text[use.start : use.end], use.term.id) for use in TERMS.find(text)]


@pytest.mark.parametrize(
    ("text", "words", "term"),
    [
        ("a Gaiwan.", "Gaiwan", "gaiwan"),
        ("a gaiwan,", "gaiwan", "gaiwan"),
        ("GAIWAN", "GAIWAN", "gaiwan"),
        ("two gaiwans", "gaiwans", "gaiwan"),
        ("the gaiwan's lid", "gaiwan", "gaiwan"),
        ("the gaiwan\u2019s lid", "gaiwan", "gaiwan"),
        ("the gaiwans' lids", "gaiwans", "gaiwan"),
        ("(gaiwan)", "gaiwan", "gaiwan"),
        ("“gaiwan”", "gaiwan", "gaiwan"),
        ("_gaiwan_", "gaiwan", "gaiwan"),
        ("**gaiwan**", "gaiwan", "gaiwan"),
        ("gaiwan/cup", "gaiwan", "gaiwan"),
        ("gaiwan-like", "gaiwan", "gaiwan"),
        ("a lidded bowl", "lidded bowl", "gaiwan"),
        ("Lidded Bowls", "Lidded Bowls", "gaiwan"),
        ("a lidded-bowl", "lidded-bowl", "gaiwan"),
        ("a lidded\u2010bowl", "lidded\u2010bowl", "gaiwan"),
        ("a lidded\u2011bowl", "lidded\u2011bowl", "gaiwan"),
        ("a lidded\u2013bowl", "lidded\u2013bowl", "gaiwan"),
        ("a lidded\u00a0bowl", "lidded\u00a0bowl", "gaiwan"),
        ("a lidded\nbowl", "lidded\nbowl", "gaiwan"),
        ("a lidded  bowl", "lidded  bowl", "gaiwan"),
        ("berries", "berries", "berry"),
        ("dishes", "dishes", "dish"),
        ("sprays", "sprays", "spray"),
        ("the CTC", "CTC", "ctc"),
        ("two CTCs", "CTCs", "ctc"),
        ("a ctc Method", "ctc Method", "ctc"),
        ("Crush, tear, curl", "", ""),
        ("crush tear curl", "crush tear curl", "ctc"),
        ("STAR*D", "STAR*D", "star-d"),
        (r"STAR\*D", r"STAR\*D", "star-d"),
        ("B12", "B12", "vitamin"),
        ("Lu's law", "Lu's law", "vitamin"),
        ("Lu\u2019s laws", "Lu\u2019s laws", "vitamin"),
        ("CAFÉ", "CAFÉ", "cafe"),
    ],
)
def test_a_term_is_found_however_it_is_written(text: str, words: str, term: str) -> None:
    assert found(text) == ([(words, term)] if term else [])


@pytest.mark.parametrize(
    "text",
    [
        "ctc",
        "Ctc",
        "CTCS",
        "b12",
        "star*d",
        "STAR D",
        "STAR",
        "gaiwanese",
        "megagaiwan",
        "gai wan",
        "lidded",
        "bowl",
        "liddedbowl",
        "lidded, bowl",
        "lidded. Bowl",
        "lidded (bowl",
        "lidded \u2014 bowl",
        "lidded\n\n\n\nbowl",
        "lidded small bowl",
        "spraies",
        "cafe",
        "gaiwan2",
        "",
    ],
)
def test_other_words_are_no_term(text: str) -> None:
    assert found(text) == []


def test_the_longest_name_wins() -> None:
    assert found("black tea leaf, black tea, tea") == [
        ("black tea leaf", "black-tea-leaf"),
        ("black tea", "black-tea"),
        ("tea", "tea"),
    ]


def test_a_name_that_is_only_begun_gives_way_to_a_shorter_one() -> None:
    assert found("black tea lea, a black gaiwan") == [("black tea", "black-tea"), ("gaiwan", "gaiwan")]


def test_an_acronym_gives_way_to_the_longer_name_that_begins_with_it() -> None:
    assert found("CTC method, CTC") == [("CTC method", "ctc"), ("CTC", "ctc")]


def test_a_use_is_found_as_often_as_it_stands() -> None:
    assert found("tea tea teas") == [("tea", "tea"), ("tea", "tea"), ("teas", "tea")]


def test_an_empty_glossary_finds_nothing() -> None:
    assert list(Glossary({}).find("Tea")) == []


PIECES = ["black", "tea", "leaf", "lidded", "bowl", "CTC", "method", "STAR", "*", "D", "gaiwans", "-", "x"]
words = st.sampled_from([*PIECES, "\n", "'", "\\", "\x02"])


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(words).map(" ".join), st.lists(words).map("".join)))
def test_uses_stand_in_order_and_never_overlap(text: str) -> None:
    edges = [edge for use in TERMS.find(text) for edge in (use.start, use.end)]
    assert edges == sorted(set(edges))
    assert all(0 <= edge <= len(text) for edge in edges)


@settings(deadline=None)
@given(st.lists(words).map(" ".join))
def test_a_word_more_in_front_changes_no_use_behind_it(text: str) -> None:
    shifted = [(use.start - 3, use.end - 3, use.term.id) for use in TERMS.find(f"x, {text}")]
    assert shifted == [(use.start, use.end, use.term.id) for use in TERMS.find(text)]


def test_entries_stand_from_a_to_z_under_their_letters() -> None:
    lines = glossary.markdown(glossary_of({"b-1": ["beta"], "a-2": ["alpha two"], "a-1": ["Alpha"]})).split("\n\n")
    assert [line for line in lines if line.startswith("#")] == [
        "## A { #a }",
        "### Alpha { #a-1 }",
        "### alpha two { #a-2 }",
        "## B { #b }",
        "### beta { #b-1 }",
    ]
