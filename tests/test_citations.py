"""Citations: found in a page, and rendered as numbered links to a list at its end."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown import Markdown

from guide import citations, references
from guide.project import Project
from guide.source import Source
from guide_markdown import GuideExtension

TEA = "".join(
    f"- id: {key}\n  type: book\n  title: {title}\n  issued: {{date-parts: [[1900]]}}\n"
    for key, title in {"a": "First", "b": "Second", "c.d/e-f": "Third", "é茶": "Fourth"}.items()
)
WORKS, _ = references.load(Source("references.yml", TEA))
ENTRIES = {key: f"<i>{key}</i>" for key in WORKS}
citing = st.lists(
    st.sampled_from(
        ["[@a]", "[@b, p. 3]", "[@a;\n@b]", "[see @a\np. 3]", "[@nobody]", "[@a; 3]", "word", "\n", "`[@a]`"]
    )
).map(" ".join)


def found(text: str) -> list[tuple[str, str, str]]:
    """Prefix, key and suffix of each citation."""
    groups = citations.find(Source("page.md", text))
    return [(citation.prefix, citation.key, citation.suffix) for group in groups for citation in group.citations]


def render(text: str) -> str:
    return citations.render(Source("page.md", text), WORKS, ENTRIES)


def document(rendered: str) -> html.HtmlElement:
    """The page as a browser has it."""
    return html.document_fromstring(f"<body>{rendered}")


def parsed(text: str) -> html.HtmlElement:
    return document(render(text))


def numbers(text: str) -> list[str]:
    return [link.text_content() for link in parsed(text).find_class("citation")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[@a]", [("", "a", "")]),
        ("[@a; @b]", [("", "a", ""), ("", "b", "")]),
        ("[@a;@b]", [("", "a", ""), ("", "b", "")]),
        ("[@a, p. 12]", [("", "a", "p. 12")]),
        ("[@a p. 12]", [("", "a", "p. 12")]),
        ("[see @a, p. 1; and @b, chap. 2]", [("see", "a", "p. 1"), ("and", "b", "chap. 2")]),
        ("[-@a]", [("", "a", "")]),
        ("[see -@a]", [("see", "a", "")]),
        ("[@a;\n  @b]", [("", "a", ""), ("", "b", "")]),
        ("[@c.d/e-f]", [("", "c.d/e-f", "")]),
        ("[@a.]", [("", "a", ".")]),
        ("[@é茶_1]", [("", "é茶_1", "")]),
        ("[@1900]", [("", "1900", "")]),
        ("[@a]: so", [("", "a", "")]),
        ("([@a])", [("", "a", "")]),
        ("[@a] [@b]", [("", "a", ""), ("", "b", "")]),
        ("[@]", []),
        ("[a@b.org]", []),
        ("@a", []),
        (r"\[@a]", []),
        (r"[\@a]", []),
        ("`[@a]`", []),
        ("<!-- [@a] -->", []),
        ('<span title="[@a]">', []),
        ("[x](y '[@a]')", []),
        ("[@ a]", []),
        ("[]", []),
    ],
)
def test_a_citation_has_a_key_and_what_stands_around_it(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(text) == expected


def test_the_offset_of_a_citation_is_that_of_its_sign() -> None:
    text = "Tea [see @a, p. 3;\n@b] and [-@a]"
    offsets = [citation.offset for group in citations.find(Source("", text)) for citation in group.citations]
    assert [text[offset : offset + 2] for offset in offsets] == ["@a", "@b", "@a"]


def test_a_group_runs_from_bracket_to_bracket() -> None:
    text = "Tea [see @a, p. 3] and [@b]."
    assert [text[group.start : group.end] for group in citations.find(Source("", text))] == ["[see @a, p. 3]", "[@b]"]


def test_keys_come_in_the_order_of_the_text_each_as_often_as_it_is_cited() -> None:
    assert citations.keys(Source("", "[@b; @a] `[@c]` [@b]")) == ["b", "a", "b"]


def test_a_text_without_citations_stays_as_it_is() -> None:
    assert render("Tea, `[@a]` and @a.\n") == "Tea, `[@a]` and @a.\n"


def test_works_are_numbered_by_their_first_use() -> None:
    assert numbers("[@b] [@a; @b] [@é茶] [@a]") == ["1", "2", "1", "3", "2"]


def test_the_list_is_in_the_order_of_the_numbers() -> None:
    page = parsed("[@b] [@a; @b] [@c.d/e-f]")
    assert [item.get("id") for item in page.iterfind(".//ol/li")] == ["ref-b", "ref-a", "ref-c.d/e-f"]


def test_every_link_leads_to_its_work_and_every_back_link_to_its_use() -> None:
    page = parsed("[@b] [@a; @b]\n\n[see @c.d/e-f, p. 3] [@é茶]")
    ids = {element.get("id") for element in page.iterfind(".//*[@id]")}
    uses = page.find_class("citation")
    assert {link.get("href") for link in uses} == {"#ref-b", "#ref-a", "#ref-c.d/e-f", "#ref-é茶"}
    assert all(link.get("href").removeprefix("#") in ids for link in [*uses, *page.find_class("backref")])
    assert {link.get("href") for link in page.find_class("backref")} == {f"#{use.get('id')}" for use in uses}


def test_no_id_is_given_twice() -> None:
    ids = [element.get("id") for element in parsed("[@a] [@a; @a] [@b] [@a]").iterfind(".//*[@id]")]
    assert len(ids) == len(set(ids)) == 7


def test_a_back_link_says_where_it_leads_and_is_numbered_only_among_others() -> None:
    links = parsed("[@a] [@b] [@a]").find_class("backref")
    assert [(link.text, link.get("aria-label")) for link in links] == [
        ("↩1", "Back to use 1 in the text"),
        ("↩2", "Back to use 2 in the text"),
        ("↩", "Back to use 1 in the text"),
    ]


def test_words_before_and_behind_a_key_are_kept() -> None:
    spans = parsed("[see @a, p. 3; also @b]").find_class("citations")
    assert [span.text_content() for span in spans] == ["[see 1, p. 3, also 2]"]


def test_words_around_a_key_are_text_and_never_html() -> None:
    assert "[&lt; <a" in render('[< @a, 3 & "4"]')
    assert "</a>, 3 &amp; &quot;4&quot;]" in render('[< @a, 3 & "4"]')


@pytest.mark.parametrize("text", ["[@nobody]", "[@a; @nobody]", "[@a; p. 3]", "[@A]"])
def test_a_group_that_is_wrong_stays_as_it_is(text: str) -> None:
    assert render(text) == text


def test_a_page_that_lists_all_works_takes_their_numbers_and_gets_no_second_list() -> None:
    text = citations.render(Source("", "[@b] [@a]"), WORKS, ENTRIES, {"a": 1, "b": 2})
    assert re.findall(r">(\d)</a>", text) == ["2", "1"]
    assert "<ol" not in text


@settings(deadline=None)
@given(citing)
def test_rendering_keeps_every_newline_so_that_lines_stay_where_they_are(text: str) -> None:
    body, _, _ = render(text).partition("\n\n## References")
    assert body.count("\n") == text.count("\n")


@settings(deadline=None)
@given(citing)
def test_as_many_links_as_citations_of_known_works_in_groups_that_are_right(text: str) -> None:
    groups = citations.find(Source("", text))
    right = [group for group in groups if not group.malformed and all(one.key in WORKS for one in group.citations)]
    assert render(text).count('class="citation"') == sum(len(group.citations) for group in right)


def test_a_page_is_rendered_with_its_list(project: Callable[..., Project]) -> None:
    tea = project()
    text = "Tea [@lu0760classic; @harler1964culture, p. 2]. `[@x]`\n\n    [@x]\n\nEnd [@lu0760classic]."
    rendered = Markdown(extensions=["attr_list", GuideExtension(project=tea)]).convert(text)
    page = document(rendered)
    assert [link.text for link in page.find_class("citation")] == ["1", "2", "1"]
    assert [(code.text or "").strip() for code in page.iterfind(".//code")] == ["[@x]"] * 2
    assert [heading.get("id") for heading in page.iterfind(".//h2")] == ["references"]
    assert len(page.findall(".//ol/li")) == len(page.find_class("csl-entry")) == 2


def test_stars_and_tags_in_a_title_are_read_by_no_renderer(project: Callable[..., Project]) -> None:
    tea = project()
    rendered = Markdown(extensions=[GuideExtension(project=tea)]).convert("Tea [@harler1964culture].")
    (entry,) = document(rendered).find_class("csl-entry")
    assert "marketing of tea* in *italics* & bold" in (entry.text_content() or "")
    assert [element.tag for element in entry] == ["b"]
