"""A browser for the tests: a Chrome or Chromium that is there, else Playwright's own, else the system's package.

`python tests/browser.py` makes sure that there is one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def installed() -> str | None:
    """The path of a Chrome or Chromium on this machine; CHROME names another one."""
    return os.environ.get("CHROME") or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser that asks nobody for anything of its own accord."""
    # The sandbox needs rights that root has not got in a container.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=[*_QUIET, *sandbox])
        yield browser
        browser.close()


def _starts() -> bool:
    try:
        with chromium():
            return True
    except Error:
        return False


def _install() -> None:
    sys.stdout.write("Installing a browser for the tests (once)\n")
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, stderr=subprocess.DEVNULL)
    if not _starts() and shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo"]
        subprocess.run([*sudo, "apt-get", "update", "--quiet", "--quiet"], check=False)
        subprocess.run([*sudo, "apt-get", "install", "--yes", "--quiet", "--quiet", "chromium"], check=True)


if __name__ == "__main__":
    if not (installed() and Path(installed() or "").exists()) and not _starts():
        _install()
        if not _starts():
            sys.exit("No browser could be installed. Install Chromium, or name one with CHROME=/path/to/chrome.")
