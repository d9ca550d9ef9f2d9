"""The files of a guide: which there are, and their texts."""

import os
from collections.abc import Iterator
from pathlib import Path

from guide.diagnostics import Diagnostic, Rule
from guide.source import Place, Source


def names(docs: Path) -> Iterator[str]:
    """All files under the folder that the site holds, relative to it: not the data, and as in MkDocs no hidden ones."""
    for folder, folders, names in os.walk(docs):
        at_top = Path(folder) == docs
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not (at_top and name == "data"))
        for name in names:
            if not name.startswith("."):
                yield (Path(folder) / name).relative_to(docs).as_posix()


def read(path: Path, name: str) -> tuple[Source | None, list[Diagnostic]]:
    """Read a file that findings call `name`. Returns its text, or None and why it cannot be read."""
    try:
        data = path.read_bytes()
        return Source(name, data.decode("utf-8-sig").replace("\r\n", "\n")), []
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
        place = Place(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        return None, [Rule.NOT_UTF8.at(place, message, "Save the file as UTF-8.")]
    except FileNotFoundError:
        message = "the file is missing"
    except OSError as error:
        message = f"the file cannot be read ({error.strerror})"
    return None, [Rule.INVALID_DATA.at(Place(name), message, "Bring it back, or begin it as an empty list: [].")]
