"""Golden pages. Each file of tests/pages is a page of the sample guide, and states at its end what is wrong with it.

To add a test, drop a page there. One line for each finding, `<!-- expect: 12:7 unknown-citation -->` for line 12,
column 7; `<!-- expect: nothing -->` if the page is as it should be.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from guide.pages import load_front_matter
from guide.project import Page, Project
from guide.settings import load_settings
from guide.source import Source
from guide_markdown import GuideExtension
from tests.conftest import NOW, SAMPLE

PAGES = sorted((Path(__file__).parent / "pages").glob("*.md"))

Finding = tuple[int, int, str]


def stated(text: str, form: str) -> list[Finding]:
    """Return the line, column and rule of each statement; `form` is a statement with its value as `{}`."""
    before, after = map(re.escape, form.split("{}"))
    values = re.findall(rf"^{before}(.*?){after}$", text, re.MULTILINE)
    nothing = form.format("nothing")
    assert values, f"The file states nothing. Add '{form.format('12:7 unknown-citation')}' at its end, or '{nothing}'."
    found = [re.fullmatch(r"(\d+):(\d+) ([a-z0-9-]+)", value) for value in values if value != "nothing"]
    assert all(found), f"A statement reads '{form.format('LINE:COLUMN RULE')}', or '{nothing}' alone."
    assert not found or len(found) == len(values), f"'{nothing}' stands alone."
    return sorted((int(match[1]), int(match[2]), match[3]) for match in found if match)


def findings(project: Project, path: str) -> list[Finding]:
    return sorted(
        (found.place.line, found.place.column, found.rule.value)
        for found in project.check()
        if found.place.path == path
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_has_the_findings_it_states_and_no_others(path: Path, project: Callable[..., Project]) -> None:
    text = path.read_text(encoding="utf-8")
    assert findings(project({"docs/page.md": text}), "docs/page.md") == stated(text, "<!-- expect: {} -->")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("# Tea\n", "The file states nothing"),
        ("# Tea\n\n<!-- expect: 1 unknown-citation -->\n", "reads"),
        ("# Tea\n\n<!-- expect: nothing -->\n<!-- expect: 1:1 unknown-citation -->\n", "stands alone"),
    ],
)
def test_a_page_that_states_nothing_or_in_another_form_is_told_what_to_add(text: str, sentence: str) -> None:
    with pytest.raises(AssertionError, match=sentence):
        stated(text, "<!-- expect: {} -->")


TEA = replace(Project.load(SAMPLE, load_settings(SAMPLE / "mkdocs.yml"), NOW), history=None)
EXTENSIONS = ["abbr", "admonition", "attr_list", "md_in_html", "tables", "toc", "pymdownx.superfences"]
# What the tool and the renderer give a meaning to, whole and in halves.
PIECES = "[ ] ( ) < > ! @ # ` ``` ~~~ * _ { } \\ / : ; , . | --- - 1. > !!! <!-- --> </ /> & \" ' ="
MORE = [
    "[@lu0760classic]",
    "[@nobody; @b, p. 3]",
    "[a](help.md)",
    "![](//a)",
    "<div>",
    "<span a='b'>",
    "{: #a }",
    "&#60;",
]
MORE += ["javascript:", "<!-- guide: glossary -->", "<!-- guide: references -->", "<!-- guide: ignore", "because"]
MORE += ["\u200b", "\ud7ff", "\x02", "茶", "&#60;"]
MORE += [
    "gaiwan",
    "CTC",
    "STAR\\*D",
    "title:",
    "last_updated: ",
    "2026-01-02",
    "authors: [",
    "\u200b",
    "\ud7ff",
    "\x02",
    "茶",
]
pieces = st.sampled_from([*PIECES.split(), *MORE, " ", "    ", "\t", "\n", "\n\n", "\n---\n", "\r"])
texts = st.one_of(st.text(), st.lists(pieces, max_size=40).map("".join), st.lists(pieces, max_size=40).map(" ".join))
pages = st.one_of(
    texts, texts.map("---\n{}\n---\n".format), st.tuples(texts, texts).map("---\n{0[0]}\n---\n{0[1]}".format)
)


def tea_with(text: str) -> Project:
    source = Source("docs/page.md", text)
    front_matter, problems = load_front_matter(source)
    return replace(TEA, pages={**TEA.pages, "page.md": Page(source, front_matter)}, problems=tuple(problems))


@settings(deadline=None)
@given(pages)
def test_no_text_whatsoever_makes_the_check_raise(text: str) -> None:
    assert all(found.place.path for found in tea_with(text).check())


@settings(deadline=None)
@given(pages)
def test_checking_twice_finds_the_same(text: str) -> None:
    assert tea_with(text).check() == tea_with(text).check()


@settings(deadline=None)
@given(texts)
def test_no_text_whatsoever_makes_rendering_raise(text: str) -> None:
    extension = GuideExtension(project=tea_with(text), page="page.md")
    rendered = Markdown(extensions=[*EXTENSIONS, extension]).convert(text)
    assert "\x02" not in rendered


@settings(deadline=None, max_examples=30)
@given(st.binary())
def test_no_bytes_whatsoever_make_loading_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    root = tmp_path_factory.getbasetemp() / "bytes"
    (root / "docs").mkdir(parents=True, exist_ok=True)
    (root / "mkdocs.yml").write_text("site_name: Tea\n", encoding="utf-8")
    (root / "docs" / "page.md").write_bytes(data)
    found = Project.load(root, load_settings(root / "mkdocs.yml"), NOW).check()
    assert "docs/page.md" in {diagnostic.place.path for diagnostic in found}
