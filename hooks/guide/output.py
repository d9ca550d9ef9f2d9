"""Writing so that a failed or killed run leaves the last good result: write beside, then rename."""

import shutil
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows has none: there, nobody is kept out
    fcntl = None  # type: ignore[assignment]


def write_text(path: Path, text: str) -> None:
    """Replace the content of a file in one step."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


class BusyError(Exception):
    """Another process is writing the same folder."""


def claim(folder: Path) -> IO[str]:
    """Keep other processes from writing `folder` until what is returned is released. Raises BusyError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = folder.with_name(f".{folder.name}.lock").open("w", encoding="utf-8")
    if fcntl:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise BusyError from None
    return lock


def release(claim: IO[str]) -> None:
    """Let other processes write the folder again."""
    Path(claim.name).unlink(missing_ok=True)
    claim.close()


def staging(folder: Path) -> Path:
    """The empty folder beside `folder` to build into. Mends what a killed run left behind."""
    new, old = _beside(folder)
    if old.exists() and not folder.exists():
        old.rename(folder)
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    new.mkdir(parents=True)
    return new


def publish(folder: Path) -> None:
    """Put what was built into the staging folder in the place of `folder`."""
    new, old = _beside(folder)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _beside(folder: Path) -> tuple[Path, Path]:
    return folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
