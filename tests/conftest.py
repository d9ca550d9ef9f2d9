"""What tests stand on: small guides, git histories, the real site and a browser."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from guide.project import Project
from guide.settings import load_settings
from tests.browser import chromium

ROOT = Path(__file__).parent.parent
SAMPLE = Path(__file__).parent / "guide"
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)

Files = Mapping[str, str | bytes | None]


@pytest.fixture
def guide(tmp_path: Path) -> Callable[..., Path]:
    """Make a copy of the sample guide with some files of its own; None takes a file away."""

    def make(files: Files | None = None) -> Path:
        root = tmp_path / "guide"
        shutil.copytree(SAMPLE, root, dirs_exist_ok=True)
        config = (root / "mkdocs.yml").read_text(encoding="utf-8").replace("../../", f"{ROOT}/")
        (root / "mkdocs.yml").write_text(config, encoding="utf-8")
        for name, content in (files or {}).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return root

    return make


@pytest.fixture
def project(guide: Callable[..., Path]) -> Callable[..., Project]:
    """Load such a guide as of 10 January 2026."""

    def load(files: Files | None = None) -> Project:
        root = guide(files)
        return Project.load(root, load_settings(root / "mkdocs.yml"), NOW)

    return load


def commit(root: Path, day: str, message: str = "Change") -> None:
    """Commit everything under `root` on a day."""
    when = f"{day}T12:00:00+00:00"
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", message, GIT_AUTHOR_DATE=when, GIT_COMMITTER_DATE=when)


def git(root: Path, *arguments: str, **environment: str) -> str:
    """Run git as nobody in particular, untouched by the settings of this machine."""
    names = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _NOBODY.items()}
    clean = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **names, **environment}
    command = ["git", "-C", str(root), "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **clean}).stdout


_NOBODY = {"NAME": "Nobody", "EMAIL": "nobody@example.org"}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real guide, built strictly by the real command."""
    folder = tmp_path_factory.mktemp("built") / "site"
    command = [str(ROOT / ".venv/bin/mkdocs"), "build", "--strict", "--site-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with chromium() as opened:
        yield opened
