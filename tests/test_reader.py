"""The real guide as its readers meet it: by mouse, keyboard and touch, narrow and wide, light, dark and on paper."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.reader import FILES, Reader, served

# What a phone by day and a desk by night show; the other two are looked at by the slow tests.
LOOKS = [
    ("light", 390),
    ("dark", 1280),
    pytest.param("dark", 390, marks=pytest.mark.slow),
    pytest.param("light", 1280, marks=pytest.mark.slow),
]
Opens = Callable[..., Reader]

START, GLOSSARY, REFERENCES, HELP = "index.html", "glossary/index.html", "references/index.html", "help/index.html"
ECT = "treatments/ect/index.html"
PICTURED = "understand/what-is-trd/index.html"
NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def home(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


@pytest.fixture
def opens(browser: Browser, home: str) -> Iterator[Opens]:
    """Open a page of the site in a window of its own."""
    readers = []

    def open_window(file: str, **settings: Any) -> Reader:
        reader = Reader(browser.new_page(**settings), home)
        readers.append(reader)
        reader.goes_to(file)
        return reader

    yield open_window
    for reader in readers:
        reader.page.close()


@pytest.mark.parametrize("file", FILES)
def test_a_page_asks_no_other_host_and_says_nothing_in_the_console(opens: Opens, file: str) -> None:
    reader = opens(file)
    reader.page.wait_for_load_state("networkidle")
    assert len(reader.asked) > 5
    assert [address for address in reader.asked if not address.startswith(reader.home)] == []
    assert reader.said == []


@pytest.mark.parametrize("file", FILES)
def test_no_page_scrolls_sideways_on_a_narrow_screen(opens: Opens, file: str) -> None:
    page = opens(file, viewport=NARROW).page
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


@pytest.mark.parametrize(
    ("words", "title", "entry"),
    [
        ("hamilton", "Hamilton Depression Rating Scale", "#hamilton-scale"),
        ("(MADRS)", "Montgomery-Åsberg Depression Rating Scale", "#madrs"),
    ],
)
def test_search_finds_a_scale_first_and_leads_to_its_entry(opens: Opens, words: str, title: str, entry: str) -> None:
    reader = opens(START)
    reader.page.keyboard.press("/")
    reader.page.keyboard.type(words)
    first = reader.page.locator(".md-search-result__item").first
    first.locator("a").filter(has_text=title).first.click()
    expect(reader.page.locator(entry)).to_be_in_viewport()
    assert reader.place.endswith(entry)
    assert [address for address in reader.asked if not address.startswith(reader.home)] == []
    assert reader.said == []


def definition(reader: Reader, term: Locator) -> str:
    return reader.page.locator(f"#{term.get_attribute('aria-describedby')}").text_content() or "missing"


def test_a_term_opens_under_the_mouse_which_may_enter_the_tooltip_and_closes_as_it_leaves(
    browser: Browser, home: str
) -> None:
    reader = Reader(browser.new_page(), home)
    reader.page.clock.install()
    reader.goes_to(ECT)
    term = reader.terms.first
    term.hover()
    reader.page.clock.run_for(1000)
    expect(reader.tooltip).to_contain_text(definition(reader, term))
    reader.tooltip.hover()
    reader.page.clock.run_for(10_000)
    expect(reader.tooltip).to_be_visible()
    reader.page.mouse.move(0, 0)
    reader.page.clock.run_for(1000)
    expect(reader.tooltip).to_be_hidden()
    reader.page.close()


def test_a_term_opens_at_the_keyboard_closes_with_escape_and_leads_to_its_entry(opens: Opens) -> None:
    reader = opens(ECT)
    term = reader.terms.first
    reader.tabs_to(term)
    expect(reader.tooltip).to_contain_text(definition(reader, term))
    reader.page.keyboard.press("Escape")
    expect(reader.tooltip).to_be_hidden()
    expect(term).to_be_focused()
    entry = f"#{term.get_attribute('data-term')}"
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator(entry)).to_be_in_viewport()


def test_the_next_term_takes_the_place_of_the_last_one(opens: Opens) -> None:
    reader = opens(ECT)
    for number in range(3):
        reader.tabs_to(reader.terms.nth(number))
        expect(reader.tooltip).to_contain_text(definition(reader, reader.terms.nth(number)))


def test_escape_closes_a_term_that_the_mouse_opened(opens: Opens) -> None:
    reader = opens(ECT)
    reader.terms.first.hover()
    expect(reader.tooltip).to_be_visible()
    reader.page.keyboard.press("Escape")
    expect(reader.tooltip).to_be_hidden()


@pytest.mark.parametrize("kind", ["terms", "citations"])
def test_the_first_tap_explains_and_the_second_follows(opens: Opens, kind: str) -> None:
    reader = opens(ECT, viewport=NARROW, has_touch=True, is_mobile=True)
    link: Locator = getattr(reader, kind).first
    target = (link.get_attribute("href") or "").partition("#")[2]
    link.tap()
    expect(reader.tooltip).to_be_visible()
    assert reader.place == "treatments/ect/"
    link.tap()
    expect(reader.page.locator(f"#{target}")).to_be_in_viewport()
    assert reader.place.endswith(f"#{target}")


def test_a_tap_elsewhere_closes(opens: Opens) -> None:
    reader = opens(ECT, viewport=NARROW, has_touch=True, is_mobile=True)
    reader.terms.first.tap()
    expect(reader.tooltip).to_be_visible()
    reader.page.locator("h1").tap()
    expect(reader.tooltip).to_be_hidden()


# Opens every link of a kind in the middle of the window, where there is least room, and says where that went wrong.
_OUTSIDE = """kind => [...document.querySelectorAll(kind)].filter(link => {
    link.scrollIntoView({block: "center", behavior: "instant"});
    link.focus({preventScroll: true});
    const {left, right, top, bottom, width} = document.querySelector("[role=tooltip]").getBoundingClientRect();
    return !width || left < 0 || top < 0 || right > document.documentElement.clientWidth || bottom > innerHeight;
}).map(link => link.outerHTML)"""


@pytest.mark.parametrize("file", [START, ECT, PICTURED])
@pytest.mark.parametrize("kind", ["main a.term[aria-describedby]", "main a.citation"])
def test_nothing_that_opens_leaves_a_narrow_screen(opens: Opens, file: str, kind: str) -> None:
    reader = opens(file, viewport=NARROW)
    reader.page.keyboard.press("Tab")
    assert reader.page.locator(kind).count() > 0
    assert reader.page.evaluate(_OUTSIDE, kind) == []


def test_a_citation_shows_its_reference_leads_to_it_and_back(opens: Opens) -> None:
    reader = opens(ECT)
    citation = reader.citations.nth(2)
    key = (citation.get_attribute("href") or "").removeprefix("#ref-")
    reference = reader.page.locator(f"#ref-{key}")
    citation.hover()
    expect(reader.tooltip).to_contain_text(reference.locator(".csl-entry").text_content() or "missing")
    citation.click()
    expect(reader.tooltip).to_be_hidden()
    assert_is_seen(reader, reference)
    reference.locator(f"a[href='#{citation.get_attribute('id')}']").click()
    assert_is_seen(reader, citation)


def assert_is_seen(reader: Reader, place: Locator) -> None:
    """That a place was led to is in the window, and not under the bar at its top."""
    expect(place).to_be_in_viewport(ratio=1)
    expect(reader.page.locator(":target")).to_have_id(place.get_attribute("id") or "missing")
    bar, box = reader.page.locator(".md-header").bounding_box(), place.bounding_box()
    assert bar
    assert box
    assert box["y"] >= bar["y"] + bar["height"]


def test_a_citation_opens_at_the_keyboard_and_closes_with_escape(opens: Opens) -> None:
    reader = opens(ECT)
    reader.tabs_to(reader.citations.first)
    expect(reader.tooltip).to_contain_text("National Institute")
    reader.page.keyboard.press("Escape")
    expect(reader.tooltip).to_be_hidden()


def test_without_scripts_a_term_is_a_link_to_its_entry(opens: Opens) -> None:
    reader = opens(ECT, java_script_enabled=False)
    entry = f"#{reader.terms.first.get_attribute('data-term')}"
    reader.terms.first.click()
    expect(reader.page.locator(f"h3{entry}")).to_be_in_viewport()


def test_without_scripts_a_citation_leads_to_its_reference_and_back(opens: Opens) -> None:
    reader = opens(ECT, java_script_enabled=False)
    reader.citations.first.click()
    expect(reader.page.locator("li:target .csl-entry")).to_be_in_viewport()
    reader.page.locator("li:target .backref").first.click()
    expect(reader.citations.first).to_be_in_viewport()


def test_without_scripts_the_words_of_the_page_unfold(opens: Opens) -> None:
    reader = opens(ECT, java_script_enabled=False)
    words = reader.page.locator(".page-terms dd")
    expect(words.first).to_be_hidden()
    reader.page.locator(".page-terms summary").click()
    expect(words.first).to_be_visible()


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_a_figure_opens_large_and_closes_with_escape(opens: Opens, way: str) -> None:
    reader = opens(PICTURED)
    figure = reader.page.locator("a.glightbox").first
    if way == "mouse":
        figure.click()
    else:
        reader.tabs_to(figure)
        reader.page.keyboard.press("Enter")
    large = reader.page.locator(".gslide.loaded img")
    expect(large).to_be_in_viewport()
    assert large.evaluate("image => image.complete && image.naturalWidth > 0")
    reader.page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    assert reader.place == "understand/what-is-trd/"
    assert reader.said == []


def test_a_figure_that_is_closed_gives_the_focus_back(opens: Opens) -> None:
    reader = opens(PICTURED)
    figure = reader.page.locator("a.glightbox").first
    reader.tabs_to(figure)
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator(".gslide.loaded img")).to_be_in_viewport()
    reader.page.keyboard.press("Tab")
    expect(reader.page.get_by_role("button", name="Close")).to_be_focused()
    reader.page.keyboard.press("Escape")
    expect(figure).to_be_focused()


def test_a_figure_that_is_large_is_still_described(opens: Opens) -> None:
    page = opens(PICTURED).page
    page.locator("a.glightbox").first.click()
    described = page.locator("a.glightbox img").first.get_attribute("alt") or "missing"
    expect(page.get_by_role("dialog").get_by_role("img", name=described)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_a_figure_is_large(opens: Opens, scheme: str) -> None:
    reader = opens(PICTURED, color_scheme=scheme, reduced_motion="reduce")
    reader.page.locator("a.glightbox").first.click()
    expect(reader.page.locator(".gslide.loaded img")).to_be_in_viewport()
    assert reader.hindrances() == []


@pytest.mark.parametrize("file", [START, ECT, HELP])
def test_on_paper_the_words_are_explained_and_the_way_around_is_left_out(opens: Opens, file: str) -> None:
    page = opens(file).page
    page.emulate_media(media="print")
    for explained in page.locator(".page-terms dd").all():
        expect(explained).to_be_visible()
    expect(page.locator("#urgent-help")).to_be_visible()
    for left_out in page.locator("nav, .md-header, .md-footer, .md-search, .headerlink").all():
        expect(left_out).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("file", [ECT, HELP])
def test_on_paper_everything_is_dark_on_white(opens: Opens, file: str, scheme: str) -> None:
    reader = opens(file, color_scheme=scheme)
    reader.page.emulate_media(media="print")
    assert reader.hindrances(runOnly=["color-contrast"]) == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
@pytest.mark.parametrize("file", [START, ECT, GLOSSARY, REFERENCES, HELP, "404.html"])
def test_axe_finds_nothing(opens: Opens, file: str, scheme: str, width: int) -> None:
    reader = opens(file, viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce")
    assert reader.hindrances() == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
@pytest.mark.parametrize("file", [START, ECT, GLOSSARY, REFERENCES, HELP])
def test_axe_finds_nothing_in_what_opens(opens: Opens, file: str, scheme: str, width: int) -> None:
    reader = opens(file, viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce")
    reader.terms.or_(reader.citations).first.hover()
    expect(reader.tooltip).to_be_visible()
    # The page around it is looked at by the test above.
    assert reader.hindrances("[role=tooltip]") + reader.hindrances(runOnly=["best-practice"]) == []
