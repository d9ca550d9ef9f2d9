"""Whole builds by the real command: what they leave, what they say, and what they make of the real guide."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import urlopen

import pytest
from lxml import html

from guide.project import Project
from guide.settings import load_settings
from tests.conftest import ROOT, SAMPLE, commit, git
from tests.reader import FILES, PAGES, file_of

Guide = Callable[..., Path]
Finished = subprocess.CompletedProcess[str]

INDEX = (SAMPLE / "docs/index.md").read_text(encoding="utf-8")
HELP = (SAMPLE / "docs/help.md").read_text(encoding="utf-8")
GLOSSARY = (SAMPLE / "docs/data/glossary.yml").read_text(encoding="utf-8")
SPARE_TERM: dict[str, str | bytes | None] = {
    "docs/data/glossary.yml": f"{GLOSSARY}\n- id: lapsang\n  term: Lapsang\n  definition: Smoked.\n"
}
LAST_SITE = {"site/index.html": "The last site.", "site/teas/green.html": "Green."}
MISTAKES: dict[str, dict[str, str | bytes | None]] = {
    "an unknown citation": {"docs/index.md": f"{INDEX}\nSaid by nobody [@nobody1900].\n"},
    "a link to nowhere": {"docs/index.md": f"{INDEX}\n[Green tea](green.md)\n"},
    "a script": {"docs/index.md": f"{INDEX}\n<script>alert(1)</script>\n"},
    "front matter that is not YAML": {"docs/index.md": INDEX.replace("title: Tea", "title: Tea: a leaf")},
    "no front matter": {"docs/index.md": "# Tea\n"},
    "a page that is not UTF-8": {"docs/index.md": INDEX.encode() + b"\xff\n"},
    "data that are not YAML": {"docs/data/references.yml": "- id: [\n"},
    "data that are missing": {"docs/data/people.yml": None},
    "a term twice": {"docs/data/glossary.yml": GLOSSARY.replace("term: Gaiwan", "term: Oxidation")},
    "only a warning": SPARE_TERM,
    "mistakes in many files": {
        "docs/help.md": f"{HELP}\nSaid by nobody [@nobody1900].\n",
        "docs/index.md": f"{INDEX}\n[Green tea](green.md) and [black tea](black.md)\n",
        **SPARE_TERM,
    },
}


def run(root: Path, *command: str | Path, **environment: str) -> Finished:
    return subprocess.run(
        [ROOT / ".venv/bin" / command[0], *command[1:]],
        cwd=root,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def build(root: Path, *options: str | Path, **environment: str) -> Finished:
    return run(root, "mkdocs", "build", *(options or ["--strict"]), **environment)


def findings(built: Finished) -> list[str]:
    """The errors and warnings of a build, without the level that MkDocs puts before each."""
    return [line[11:] for line in built.stderr.splitlines() if line.startswith(("ERROR", "WARNING"))]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def eventually(condition: Callable[[], object]) -> bool:
    """Whether a condition is met within a minute."""
    end = time.monotonic() + 60
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return bool(met)


def test_a_guide_without_mistakes_builds_without_a_warning(guide: Guide) -> None:
    root = guide()
    built = build(root)
    assert (built.returncode, findings(built)) == (0, [])
    assert "steeped in water" in (root / "site/index.html").read_text(encoding="utf-8")


def test_build_json_says_what_was_built_from_which_commit(guide: Guide) -> None:
    root = guide()
    git(root, "init", "--quiet")
    commit(root, "2026-01-02")
    build(root)
    told = json.loads((root / "site/build.json").read_bytes())
    head = git(root, "rev-parse", "HEAD").strip()
    assert told == {"commit": head, "pages": 4, "terms": 4, "references": 2, "findings": 0}


@pytest.mark.parametrize("files", MISTAKES.values(), ids=MISTAKES)
def test_a_build_stops_at_the_very_lines_that_check_prints(guide: Guide, files: dict[str, str | bytes | None]) -> None:
    root = guide({**files, **LAST_SITE})
    last = contents(root / "site")
    built, checked = build(root), run(root, "guide", "check", "--strict")
    assert (built.returncode, checked.returncode) == (1, 1)
    assert findings(built)[:-1] == checked.stdout.splitlines() != []
    assert findings(built)[-1].startswith(f"The build stops: {len(checked.stdout.splitlines())} to mend")
    assert "Traceback" not in built.stdout + built.stderr + checked.stderr
    assert contents(root / "site") == last


def test_what_mkdocs_warns_of_leaves_the_last_site_too(guide: Guide) -> None:
    root = guide(LAST_SITE)
    last = contents(root / "site")
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("nav: [index.md, green.md]\n")
    assert build(root).returncode == 1
    assert contents(root / "site") == last


def test_a_warning_stops_no_build_that_is_not_strict(guide: Guide) -> None:
    root = guide({**SPARE_TERM, **LAST_SITE})
    built = build(root, "--no-strict")
    assert built.returncode == 0
    assert findings(built) == run(root, "guide", "check").stdout.splitlines() != []
    assert json.loads((root / "site/build.json").read_bytes())["findings"] == 1


@pytest.mark.parametrize("moment", ["", "index.html"])
def test_a_build_that_is_killed_leaves_the_last_site_and_the_next_one_succeeds(guide: Guide, moment: str) -> None:
    root = guide({**LAST_SITE, **{f"docs/page-{number}.md": INDEX for number in range(100)}})
    last = contents(root / "site")
    command = [str(ROOT / ".venv/bin/mkdocs"), "build", "--quiet"]
    with subprocess.Popen(command, cwd=root, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}) as building:
        assert eventually((root / ".site.new" / moment).exists)
        building.kill()
    assert building.returncode == -signal.SIGKILL
    assert contents(root / "site") == last
    assert build(root).returncode == 0
    assert {path.name for path in root.iterdir()} == {"docs", "mkdocs.yml", "site"}
    assert "green" not in "".join(contents(root / "site"))


def test_a_build_that_was_killed_as_it_put_the_new_site_in_place_is_mended_even_by_one_that_fails(guide: Guide) -> None:
    root = guide({**MISTAKES["an unknown citation"], **LAST_SITE, ".site.new/index.html": "The new site."})
    last = contents(root / "site")
    (root / "site").rename(root / ".site.old")
    assert build(root).returncode == 1
    assert contents(root / "site") == last


def test_two_builds_of_one_commit_are_equal_wherever_they_are_made(guide: Guide, tmp_path: Path) -> None:
    root = guide()
    git(root, "init", "--quiet")
    commit(root, "2026-01-02")
    for number, zone in enumerate(("UTC", "Pacific/Auckland")):
        git(root, "clone", "--quiet", str(root), str(tmp_path / zone))
        differing = {"PYTHONHASHSEED": str(number), "TZ": zone}
        assert build(tmp_path / zone, SOURCE_DATE_EPOCH="1767355200", **differing).returncode == 0
    assert contents(tmp_path / "UTC/site") == contents(tmp_path / "Pacific/Auckland/site")


def test_two_builds_of_the_real_guide_are_equal(tmp_path: Path) -> None:
    for number in "12":
        differing = {"PYTHONHASHSEED": number, "SOURCE_DATE_EPOCH": "1767355200"}
        assert build(ROOT, "--strict", "--site-dir", tmp_path / number, **differing).returncode == 0
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


@contextmanager
def preview(root: Path, log: Path) -> Iterator[Callable[[str], str]]:
    """Run the live preview; yields what gets a page of it, empty as long as there is none."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"

    def shown(page: str) -> str:
        try:
            with urlopen(f"http://{address}/{page}", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""

    command = [str(ROOT / ".venv/bin/mkdocs"), "serve", "--livereload", "--dev-addr", address]
    # The preview builds into the folder of temporary files.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "TMPDIR": str(log.parent)}
    with log.open("wb") as output, subprocess.Popen(command, cwd=root, env=environment, stderr=output) as serving:
        yield shown
        serving.terminate()


def test_the_preview_shows_edits_of_pages_and_data_without_a_restart(guide: Guide, tmp_path: Path) -> None:
    root = guide()
    with preview(root, tmp_path / "preview.log") as shown:
        assert eventually(lambda: "steeped in water" in shown(""))
        (root / "docs/index.md").write_text(INDEX.replace("steeped", "boiled"), encoding="utf-8")
        assert eventually(lambda: "boiled in water" in shown(""))
        new = GLOSSARY.replace("a lid and a saucer", "a lid and no handle")
        (root / "docs/data/glossary.yml").write_text(new, encoding="utf-8")
        assert eventually(lambda: "a lid and no handle" in shown("glossary/"))


def test_the_preview_outlives_a_mistake(guide: Guide, tmp_path: Path) -> None:
    root = guide()
    log = tmp_path / "preview.log"
    with preview(root, log) as shown:
        assert eventually(lambda: "steeped in water" in shown(""))
        (root / "docs/index.md").write_text(f"{INDEX}\nGreen [@nobody1900].\n", encoding="utf-8")
        assert eventually(lambda: "unknown citation 'nobody1900'" in log.read_text(encoding="utf-8"))
        (root / "docs/index.md").write_text(INDEX.replace("steeped", "boiled"), encoding="utf-8")
        assert eventually(lambda: "boiled in water" in shown(""))
    assert "Traceback" not in log.read_text(encoding="utf-8")


@cache
def parsed(file: Path) -> html.HtmlElement:
    return html.fromstring(file.read_bytes())


def found(file: Path, path: str) -> list[Any]:
    return list(parsed(file).xpath(path))


def ids(file: Path) -> set[str]:
    return set(found(file, "//@id"))


# What a browser fetches of its own accord: everything but links to follow and links that only say something.
_FETCHED = (
    "//*[not(self::a or self::area)]/@*[name()='src' or name()='srcset' or name()='href' or name()='data' or "
    "name()='poster' or name()='action' or name()='background' or name()='xlink:href'][not(parent::link[contains("
    "' canonical prev next edit ', concat(' ', @rel, ' '))])]"
)
_IN_STYLES = re.compile(r"(?:url\(|@import)\s*['\"]?([^'\")\s]+)")


@pytest.mark.parametrize("file", FILES)
def test_a_page_fetches_nothing_from_another_host(site: Path, file: str) -> None:
    styles = " ".join(found(site / file, "//style/text() | //@style"))
    fetched = [*found(site / file, _FETCHED), *_IN_STYLES.findall(styles)]
    assert len(fetched) > 5
    assert [address for address in fetched if urlsplit(address).netloc] == []


def test_styles_and_pictures_fetch_nothing_from_another_host(site: Path) -> None:
    files = [file for file in site.rglob("*") if file.suffix in {".css", ".svg"}]
    assert {file.suffix for file in files} == {".css", ".svg"}
    for file in files:
        text = file.read_text(encoding="utf-8")
        fetched = _IN_STYLES.findall(text) + re.findall(r"\b(?:href|src)\s*=\s*['\"]([^'\"]+)", text)
        assert [address for address in fetched if urlsplit(address).netloc] == []


@pytest.mark.parametrize("file", FILES)
def test_the_urgent_help_stands_before_the_content(site: Path, file: str) -> None:
    assert len(found(site / file, "//main/preceding::*[@id='urgent-help']//a[starts-with(@href, 'tel:')]")) > 0


@pytest.mark.parametrize("file", FILES)
def test_a_page_has_one_title_and_no_id_twice(site: Path, file: str) -> None:
    assert len(found(site / file, "//h1")) == 1
    assert [name for name, count in Counter(found(site / file, "//@id")).items() if count > 1] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_when_it_was_updated_and_whether_it_was_reviewed(site: Path, page: str) -> None:
    [updated] = found(site / file_of(page), "//time[contains(@class, 'last-updated')]/@datetime")
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", updated)
    reviewed = "//time[contains(@class, 'last-reviewed')] | //*[contains(@class, 'review-status')]"
    assert found(site / file_of(page), reviewed) != []


@pytest.mark.parametrize("file", FILES)
def test_no_link_inside_the_site_leads_nowhere(site: Path, file: str) -> None:
    home = "http://site/"
    addresses = {urljoin(home + file, address) for address in found(site / file, "//a/@href")}
    inside = [urldefrag(address) for address in addresses if address.startswith(home)]
    assert len(inside) > 10
    assert [address for address in inside if not leads_somewhere(site, *address)] == []


def leads_somewhere(site: Path, address: str, anchor: str) -> bool:
    target = site / unquote(urlsplit(address).path).lstrip("/")
    file = target / "index.html" if target.is_dir() else target
    return file.is_file() and (not anchor or unquote(anchor) in ids(file))


def test_search_finds_only_what_exists(site: Path) -> None:
    entries = json.loads((site / "search/search_index.json").read_bytes())["docs"]
    assert len(entries) > len(PAGES)
    addresses = [urldefrag(f"/{entry['location']}") for entry in entries]
    assert [address for address in addresses if not leads_somewhere(site, *address)] == []


def test_the_site_map_lists_every_page(site: Path) -> None:
    [home] = found(site / "index.html", "//link[@rel='canonical']/@href")
    listed = re.findall(r"<loc>([^<]*)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(home + file_of(page).removesuffix("index.html") for page in PAGES)


# Not those that no author writes: the headings of the summary, and that of the references.
_HEADINGS = "//article//*[self::h1 or self::h2 or self::h3 or self::h4]/@id"


@pytest.fixture(scope="module")
def anchors() -> dict[str, set[str]]:
    return Project.load(ROOT, load_settings(ROOT / "mkdocs.yml")).anchors


@pytest.mark.parametrize("page", PAGES)
def test_the_anchors_that_are_checked_are_those_that_are_built(
    site: Path, anchors: dict[str, set[str]], page: str
) -> None:
    headings = {name for name in anchors[page] if not name.startswith("ref-")}
    assert headings == {*found(site / file_of(page), _HEADINGS)}
    assert anchors[page] <= ids(site / file_of(page))


@pytest.mark.parametrize(
    "disguise",
    [
        '``a` <i onclick="x()">b</i> `c`',
        "> ```\n> a\n\n<b onclick=x()>b</b>\n\n> ```",
        'Text.\n{: onclick="x()" }',
    ],
)
def test_what_a_rule_no_longer_sees_is_refused_when_it_is_rendered(guide: Guide, disguise: str) -> None:
    page = f"---\ntitle: Page\ndescription: A page.\nlast_updated: 2026-01-02\n---\n\n# Page\n\n{disguise}\n"
    root = guide({"docs/page.md": page})
    config = root / "mkdocs.yml"
    config.write_text(config.read_text().replace("  guide:\n", "  guide:\n    rules: {unsafe-html: off}\n"))
    built = build(root)
    assert built.returncode == 1
    assert "docs/page.md:1:1: the page would hold" in built.stderr
    assert not (root / "site").exists()
