"""Entries of a reference list, in styles that are in use."""

import re
from typing import Any

import pytest
from lxml import html

from guide import csl

NLM = "nlm-citation-sequence"
STYLES = [NLM, "apa", "elsevier-vancouver", "harvard-cite-them-right", "nature", "american-medical-association"]
BOOK: dict[str, Any] = {
    "id": "lu",
    "type": "book",
    "title": "The classic of tea",
    "author": [{"family": "Lu", "given": "Yu"}],
    "issued": {"date-parts": [[1974]]},
    "publisher": "Little, Brown",
    "publisher-place": "Boston",
}
ARTICLE: dict[str, Any] = {
    "id": "Harler",
    "type": "article-journal",
    "title": "Tea leaves",
    "author": [{"family": "Harler", "given": "Campbell Ronald"}, {"family": "Ukers", "given": "William"}],
    "container-title": "Journal of Leaves",
    "issued": {"date-parts": [[1964, 3]]},
    "volume": "3",
    "issue": "2",
    "page": "101-112",
    "DOI": "10.1000/182",
}


def entry(style: str = NLM, **fields: Any) -> str:
    """The entry of the article with other fields, as HTML."""
    return csl.entries([{**ARTICLE, **fields}], style)["Harler"]


def document(markup: str) -> html.HtmlElement:
    """The entry as a browser has it."""
    return html.document_fromstring(f"<body>{markup}")


def shown(markup: str) -> str:
    return " ".join((document(markup).text_content() or "").split())


def test_an_article_reads_as_its_style_has_it() -> None:
    assert shown(entry()) == (
        "Harler CR, Ukers W. Tea leaves. Journal of Leaves. 1964 Mar;3(2):101\u201312. doi:10.1000/182"
    )


def test_a_book_reads_as_its_style_has_it() -> None:
    assert shown(csl.entries([BOOK], NLM)["lu"]) == "Lu Y. The classic of tea. Boston: Little, Brown; 1974."


@pytest.mark.parametrize("style", STYLES)
def test_every_style_tells_who_what_and_when(style: str) -> None:
    text = shown(entry(style))
    assert all(word in text for word in ("Harler", "Ukers", "Tea leaves", "Leaves", "1964", "3"))


@pytest.mark.parametrize("style", STYLES)
def test_an_entry_does_not_number_itself(style: str) -> None:
    assert not re.match(r"[\s\[(]*1\b", shown(entry(style)))


def test_ids_keep_their_case_and_works_their_order() -> None:
    works = [{**BOOK, "id": "B"}, {**BOOK, "id": "b", "title": "Other"}, ARTICLE, {**BOOK, "id": "a"}]
    entries = csl.entries(works, NLM)
    assert list(entries) == ["B", "b", "Harler", "a"]
    assert "Other" in entries["b"]
    assert "Other" not in entries["B"]


def test_no_works_make_no_entries() -> None:
    assert csl.entries([], NLM) == {}


@pytest.mark.parametrize(
    "title",
    [
        "Tea <script>alert(1)</script> leaves",
        "Tea <img src=x onerror=alert(1)> leaves",
        '<i onclick="alert(1)">Tea</i>',
        "<b>Tea",
        "Tea</i></span></li></ol>",
        "<i>Tea</b>",
        "1 < 2 > 0 & 3",
        "&lt;i&gt; &amp; &#60;",
        "A \"tea\" \\ and 'more'",
    ],
)
def test_html_in_a_title_is_text(title: str) -> None:
    assert title.strip(".") in shown(entry(title=title))
    assert {element.tag for element in document(entry(title=title)).iter()} == {"html", "body"}


@pytest.mark.parametrize("field", ["container-title", "volume", "page", "publisher", "note", "DOI", "URL", "issue"])
def test_html_in_any_field_is_text(field: str) -> None:
    assert "<img" not in entry(**{field: "<img src=x onerror=alert(1)>"})


def test_html_in_a_name_is_text() -> None:
    assert "<img" not in entry(author=[{"family": "<img src=x>", "given": "<b>"}, {"literal": "<img src=y>"}])


@pytest.mark.parametrize("tag", ["i", "b", "sub", "sup"])
def test_the_tags_that_csl_knows_stay(tag: str) -> None:
    assert f"<{tag}>leaves</{tag}>" in entry(title=f"Tea <{tag}>leaves</{tag}>")


@pytest.mark.parametrize("title", ["茶", "Thé vert", "Tea 🍵", "Чай", "شاي"])
def test_a_title_may_be_of_any_script(title: str) -> None:
    assert title in shown(entry(title=title))


@pytest.mark.parametrize("name", STYLES)
def test_a_style_that_is_there_is_one(name: str) -> None:
    assert csl.is_style(name)


@pytest.mark.parametrize("name", ["", "no-such-style", "apa.csl", "Nature"])
def test_a_style_that_is_not_there_is_none(name: str) -> None:
    assert not csl.is_style(name)
