"""What git knows of the pages. The only module that runs git."""

import subprocess  # noqa: TID251 (this is the module that may)
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Change:
    """The newest change of a file: its day, by the author's own calendar, and the commit, none if not yet committed."""

    day: date
    commit: str | None


@dataclass(frozen=True)
class History:
    """The newest change of each file under a folder; `shallow` if the history was cut off when it was fetched."""

    shallow: bool
    changes: Mapping[str, Change]


def history(root: Path, folder: str, today: date) -> History | None:
    """Ask git, in one pass, when each file under `folder` was last changed; moves alone are no change.

    Paths are relative to `root`. Edits not committed, and new files, count as of `today`.
    Returns None where there is no git history: no git, no repository, no commit.
    """
    shallow = _git(root, "rev-parse", "--is-shallow-repository")
    log = _git(
        root, "log", "--no-merges", "-M", "--relative", "--format=%x01%h %as", "--name-status", "-z", "--", folder
    )
    status = _git(root, "status", "--porcelain", "--untracked-files=all", "--no-renames", "-z", "--", folder)
    prefix = _git(root, "rev-parse", "--show-prefix")
    if shallow is None or log is None or status is None or prefix is None:
        return None
    changes = _parse_log(log)
    edited = (entry[3:].removeprefix(prefix.strip()) for entry in status.split("\0") if entry)
    return History(shallow.strip() == "true", changes | {path: Change(today, None) for path in edited})


def head(root: Path) -> str | None:
    """The commit that is checked out, None where there is none."""
    commit = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    return commit.strip() if commit else None


def _git(root: Path, *arguments: str) -> str | None:
    command = ["git", "-C", str(root), "-c", "core.quotepath=off", *arguments]
    try:
        answer = subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL)  # noqa: S603 (no shell, fixed command)
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.decode("utf-8", errors="replace")


def _parse_log(log: str) -> dict[str, Change]:
    """Read `git log --name-status -z`, newest first, following each file back through its moves."""
    changes: dict[str, Change] = {}
    today_name: dict[str, str] = {}
    for commit in log.split("\x01")[1:]:
        header, _, rest = commit.partition("\0")
        name, day = header.split()
        change = Change(date.fromisoformat(day), name)
        fields = iter(field for field in rest.lstrip("\n").split("\0") if field)
        for state in fields:
            path = next(fields)
            if state[0] in "RC":
                before, path = path, next(fields)
                current = today_name.pop(path, path)
                if state != "R100":
                    changes.setdefault(current, change)
                today_name[before] = current
            else:
                changes.setdefault(today_name.get(path, path), change)
    return changes
