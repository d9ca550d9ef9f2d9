"""Writing beside and renaming: whoever fails or is killed half-way leaves what was there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from guide import output
from tests.conftest import ROOT


def fill(folder: Path, text: str) -> None:
    """Build a site of two files, one in a folder of its own."""
    (folder / "deep").mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(text, encoding="utf-8")
    (folder / "deep" / "page.html").write_text(text, encoding="utf-8")


def holds(folder: Path) -> dict[str, str]:
    """All that stands in a folder, hidden files too."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def built(text: str, at: str = "site/") -> dict[str, str]:
    return {f"{at}deep/page.html": text, f"{at}index.html": text}


def killed(folder: Path, code: str) -> None:
    """Run code in a process that kills itself, at the latest at its end, with no chance to tidy up."""
    program = f"""
import os, shutil, signal
from pathlib import Path
from guide import output

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

site = Path({str(folder)!r})
{code}
die()
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "hooks")}
    process = subprocess.run([sys.executable, "-c", program], check=False, env=environment)
    assert process.returncode == -signal.SIGKILL


def test_a_text_is_written_as_utf_8_with_the_line_ends_it_has(tmp_path: Path) -> None:
    output.write_text(tmp_path / "a.txt", "té\n茶\n")
    assert (tmp_path / "a.txt").read_bytes() == "té\n茶\n".encode()


def test_a_text_replaces_another_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a much longer text that was there", encoding="utf-8")
    output.write_text(tmp_path / "a.txt", "new")
    assert holds(tmp_path) == {"a.txt": "new"}


def test_a_text_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    output.write_text(tmp_path / "a.txt", "old")
    with pytest.raises(UnicodeEncodeError):
        output.write_text(tmp_path / "a.txt", "half \ud800")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "old"


def test_what_was_left_of_a_text_stands_in_nobodys_way(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        output.write_text(tmp_path / "a.txt", "half \ud800")
    output.write_text(tmp_path / "a.txt", "new")
    assert holds(tmp_path) == {"a.txt": "new"}


def test_a_first_site_is_published(tmp_path: Path) -> None:
    fill(output.staging(tmp_path / "site"), "new")
    assert not (tmp_path / "site").exists()
    output.publish(tmp_path / "site")
    assert holds(tmp_path) == built("new")


def test_a_site_replaces_the_last_one_whole(tmp_path: Path) -> None:
    site = tmp_path / "site"
    fill(site, "old")
    (site / "gone.html").write_text("gone", encoding="utf-8")
    new = output.staging(site)
    fill(new, "new")
    assert holds(site)["index.html"] == "old"
    output.publish(site)
    assert holds(tmp_path) == built("new")


def test_the_folder_to_build_into_is_empty_and_on_the_same_disk(tmp_path: Path) -> None:
    site = tmp_path / "some" / "site"
    fill(output.staging(site), "half")
    new = output.staging(site)
    assert list(new.iterdir()) == []
    assert new.parent == site.parent


def test_a_build_that_fails_leaves_the_last_site(tmp_path: Path) -> None:
    fill(tmp_path / "site", "old")
    fill(output.staging(tmp_path / "site"), "half")
    assert holds(tmp_path / "site") == built("old", "")


def test_a_build_that_is_killed_leaves_the_last_site_and_the_next_one_works(tmp_path: Path) -> None:
    site = tmp_path / "site"
    fill(site, "old")
    killed(site, "(output.staging(site) / 'index.html').write_text('half')")
    assert holds(site) == built("old", "")
    fill(output.staging(site), "new")
    output.publish(site)
    assert holds(tmp_path) == built("new")


def test_a_text_whose_writer_is_killed_is_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("old", encoding="utf-8")
    killed(tmp_path / "site", "Path.replace = die; output.write_text(site, 'new')")
    assert (tmp_path / "site").read_text(encoding="utf-8") == "old"


def test_a_publishing_that_is_killed_between_its_two_renames_is_mended_by_the_next_build(tmp_path: Path) -> None:
    site = tmp_path / "site"
    fill(site, "old")
    fill(output.staging(site), "new")
    # The last site is moved away, and the new one never comes.
    killed(site, "rename = Path.rename; Path.rename = lambda *paths: (rename(*paths), die()); output.publish(site)")
    assert not site.exists()
    output.staging(site)
    assert holds(site) == built("old", "")


def test_what_a_killed_publishing_left_behind_is_taken_away(tmp_path: Path) -> None:
    site = tmp_path / "site"
    fill(site, "old")
    fill(output.staging(site), "new")
    killed(site, "shutil.rmtree = die; output.publish(site)")
    assert holds(site) == built("new", "")
    output.staging(site)
    assert holds(tmp_path) == built("new")


def test_two_processes_never_write_one_folder(tmp_path: Path) -> None:
    claim = output.claim(tmp_path / "site")
    with pytest.raises(output.BusyError):
        output.claim(tmp_path / "site")
    output.release(claim)
    output.release(output.claim(tmp_path / "site"))
    assert list(tmp_path.iterdir()) == []
