"""Terms in a page that Python-Markdown renders: which uses become links, and which are left alone."""

from collections.abc import Callable

import pytest
from lxml import html
from markdown import Markdown

from guide.project import Project
from guide_markdown import GuideExtension

GLOSSARY = """
- {id: tea, term: Tea, definition: Leaves & water.}
- {id: green-tea, term: Green tea, definition: Tea that is <b>not</b> browned., say: green tee}
- {id: star-d, term: STAR*D, definition: A trial.}
- {id: ctc, term: "Crush, tear, curl", aliases: [CTC], definition: A way.}
- {id: cup, term: Cup, definition: For tea.}
"""
EXTENSIONS = ["abbr", "admonition", "attr_list", "md_in_html", "tables", "toc", "pymdownx.superfences"]
EXTENSIONS += ["pymdownx.tabbed", "pymdownx.details"]

Renders = Callable[..., html.HtmlElement]


@pytest.fixture
def renders(project: Callable[..., Project]) -> Renders:
    """Render a text as a page of a guide with these terms."""
    guide = project({"docs/data/glossary.yml": GLOSSARY, "docs/deep/page.md": ""})

    def render(text: str, page: str = "page.md") -> html.HtmlElement:
        extension = GuideExtension(project=guide, page=page)
        return html.document_fromstring(f"<body>{Markdown(extensions=[*EXTENSIONS, extension]).convert(text)}")

    return render


def marked(page: html.HtmlElement) -> list[str]:
    return [link.text_content() for link in page.find_class("term")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Green tea and tea in a cup.", ["Green tea", "tea", "cup"]),
        ("Tea, tea and more teas.", ["Tea"]),
        ("**Tea** and *cups*.", ["Tea", "cups"]),
        ("Green\ntea", ["Green\ntea"]),
        ("green-tea", ["green-tea"]),
        ("- tea\n- cup", ["tea", "cup"]),
        ("1. tea\n\n    cup", ["tea", "cup"]),
        ("> tea", ["tea"]),
        ("| a | b |\n| - | - |\n| tea | cup |", ["tea", "cup"]),
        ('!!! note "Note"\n\n    tea', ["tea"]),
        ("The CTC's cup; ctc", ["CTC", "cup"]),
        (r"STAR\*D", ["STAR*D"]),
        ("STAR*D", ["STAR*D"]),
        (r"STAR\*D and *STAR\*D*", ["STAR*D"]),
        ("tea [@lu0760classic] cup", ["tea", "cup"]),
        ("a &amp; tea", ["tea"]),
        ('<div markdown="1">\ntea\n</div>', ["tea"]),
    ],
)
def test_the_first_use_of_a_term_becomes_a_link(renders: Renders, text: str, expected: list[str]) -> None:
    assert marked(renders(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "# Tea",
        "## Tea",
        "###### Tea",
        "Tea\n===",
        "## A *tea* heading",
        "[tea](help.md)",
        "[a *tea* of mine](help.md)",
        "<https://example.org/tea>",
        "`tea`",
        "`` tea ``",
        "    tea",
        "```\ntea\n```",
        "![tea](help.md)",
        "[![tea](help.md)](help.md)",
        "<!-- tea -->",
        '<span title="tea">x</span>',
        '!!! note "Tea"\n\n    x',
        '??? note "Tea"\n\n    x',
        '=== "Tea"\n\n    x',
        "tea\n\n*[tea]: Leaves",
        '<p class="no-terms" markdown="1">tea</p>',
        "teapot",
    ],
)
def test_a_term_is_left_alone_in_headings_links_code_labels_and_attributes(renders: Renders, text: str) -> None:
    assert marked(renders(text)) == []


def test_each_section_marks_its_own_first_use(renders: Renders) -> None:
    page = renders("tea tea\n\n## One\n\ntea tea cup\n\n### Deeper\n\ntea\n\n## Two\n\ncup tea tea")
    assert marked(page) == ["tea", "tea", "cup", "cup", "tea"]


def test_text_around_a_link_stays_where_it_was(renders: Renders) -> None:
    (paragraph,) = renders("Hot tea, *a cup*, and green tea; no more.").iterfind(".//p")
    assert paragraph.text_content() == "Hot tea, a cup, and green tea; no more."


def test_a_link_leads_to_the_entry_from_wherever_the_page_is(renders: Renders) -> None:
    assert [link.get("href") for link in renders("tea").find_class("term")] == ["glossary.md#tea"]
    assert [link.get("href") for link in renders("tea", "deep/page.md").find_class("term")] == ["../glossary.md#tea"]


def test_a_link_names_its_term_and_is_described_by_the_definition(renders: Renders) -> None:
    page = renders("Two cups")
    (link,) = page.find_class("term")
    assert link.get("data-term") == "cup"
    assert page.get_element_by_id(link.get("aria-describedby")).text == "For tea."


def test_the_terms_of_a_page_are_listed_once_from_a_to_z(renders: Renders) -> None:
    (listed,) = renders("tea green tea\n\n## x\n\ntea cup").find_class("page-terms")
    assert [name.text_content() for name in listed.iterfind(".//dt")] == ["Cup", "Green tea (say green tee)", "Tea"]


def test_a_definition_is_text_and_never_html(renders: Renders) -> None:
    page = renders("green tea")
    assert page.get_element_by_id("term-green-tea").text == "Tea that is <b>not</b> browned."


def test_a_page_without_terms_gets_no_list(renders: Renders) -> None:
    assert renders("coffee").find_class("page-terms") == []


def test_on_the_glossary_page_a_term_is_left_alone_in_its_own_entry(renders: Renders) -> None:
    page = renders(
        "## C\n\n### Cup { #cup }\n\nA cup for tea.\n\n## T\n\n### Tea { #tea }\n\nTea in a cup.", "glossary.md"
    )
    assert [(link.text, link.get("href")) for link in page.find_class("term")] == [
        ("tea", "glossary.md#tea"),
        ("cup", "glossary.md#cup"),
    ]
    assert page.find_class("page-terms") == []


def test_a_heading_keeps_its_id_and_its_place_in_the_contents(renders: Renders) -> None:
    page = renders("## Green tea\n\nGreen tea")
    assert [heading.get("id") for heading in page.iterfind(".//h2")] == ["green-tea"]
