"""What a reader does with a built site: asks a host for pages, looks at them, and sees what the browser says."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

from tests.conftest import ROOT


def file_of(page: str) -> str:
    """The file of the site that holds a page of the guide: `about.md` is `about/index.html`."""
    stem = page.removesuffix("index.md").removesuffix(".md")
    return f"{stem}/index.html" if page.endswith(".md") and stem and not stem.endswith("/") else f"{stem}index.html"


PAGES = sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))
FILES = [*map(file_of, PAGES), "404.html"]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as a host of static pages does; yields the address of its root."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class _Handler(SimpleHTTPRequestHandler):
    """Answers with the page 404.html where there is nothing, and says nothing."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name in the standard library)
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != HTTPStatus.NOT_FOUND:
            super().send_error(code, message, explain)
            return
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((Path(self.directory) / "404.html").read_bytes())


class Reader:
    """Someone with one window open: what it shows, all it asked for, and all that stood in its console."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.home = home
        self.asked: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def goes_to(self, file: str) -> None:
        """Open a file of the site by the address that readers see."""
        self.page.goto(self.home + file.removesuffix("index.html"))

    @property
    def place(self) -> str:
        """The address that is open, without that of the host."""
        return self.page.url.removeprefix(self.home)

    @property
    def terms(self) -> Locator:
        """The words that are explained where they stand."""
        return self.page.locator("main a.term[aria-describedby]")

    @property
    def citations(self) -> Locator:
        """The numbers that lead to references."""
        return self.page.locator("main a.citation")

    @property
    def tooltip(self) -> Locator:
        """What is shown beside a word or a number."""
        return self.page.get_by_role("tooltip")

    def tabs_to(self, link: Locator) -> None:
        """Come to a link by the keyboard alone, from the one before it."""
        link.focus()
        self.page.keyboard.press("Shift+Tab")
        self.page.keyboard.press("Tab")
        expect(link).to_be_focused()

    def hindrances(self, part: str = "html", **options: Any) -> list[str]:
        """What axe finds in a part of the page as it is now: one line for each rule and element."""
        self.page.evaluate(AXE_SCRIPT)
        settings = {"resultTypes": ["violations"], **options}
        found = self.page.evaluate("([part, settings]) => axe.run(part, settings)", [part, settings])["violations"]
        return [f"{each['id']}: {node['target'][-1]}" for each in found for node in each["nodes"]]
