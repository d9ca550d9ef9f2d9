"""Numbers to call, each exactly as it was seen: read from docs/data/helplines.yml."""

from dataclasses import dataclass
from html import escape

from guide import records
from guide.diagnostics import Diagnostic
from guide.source import Source


@dataclass(frozen=True)
class Helpline:
    """A line, the place it serves, and its numbers as they are shown; what is empty does not exist.

    `strip` is the short name of the place in the strip on every page; a line without one is not shown there.
    """

    id: str
    place: str
    name: str
    emergency: str
    call: str
    text: str
    text_note: str
    url: str
    hours: str
    note: str
    strip: str

    @property
    def tel(self) -> str:
        """The address that dials the line."""
        return f"tel:{_digits(self.call)}"

    @property
    def sms(self) -> str:
        """The address that writes to the line."""
        return f"sms:{_digits(self.text)}"


def load(source: Source) -> tuple[list[Helpline], list[Diagnostic]]:
    """Read the lines in their order, and what is wrong with the file."""
    items, problems = records.load_items(source, "helplines")
    fields = ("id", "place", "name", "emergency", "call", "text", "text_note", "url", "hours", "note", "strip")
    return [Helpline(*map(item.text, fields)) for item in items], problems


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isdigit() or character == "+")


def html(helplines: list[Helpline]) -> str:
    """All lines as a list, for the page that tells them."""
    return '<dl class="helplines">\n' + "".join(map(_entry, helplines)) + "</dl>"


def _entry(line: Helpline) -> str:
    ways = []
    if line.call:
        ways.append(f'call <a href="{line.tel}">{escape(line.call)}</a>')
    if line.text:
        note = f" ({escape(line.text_note)})" if line.text_note else ""
        ways.append(f'text <a href="{line.sms}">{escape(line.text)}</a>{note}')
    if line.url:
        address = escape(line.url.removeprefix("https://").rstrip("/"))
        ways.append(f'open <a href="{escape(line.url)}" rel="noreferrer noopener">{address}</a>')
    emergency = f"<p>Emergency: {_dial(line.emergency)}</p>" if line.emergency else ""
    about = " ".join(f"{escape(text.rstrip('.'))}." for text in (line.hours, line.note) if text)
    told = f"<p><strong>{escape(line.name)}</strong>: {' · '.join(ways)}</p><p>{about}</p>"
    return f"<dt>{escape(line.place)}</dt>\n<dd>{emergency}{told}</dd>\n"


def _dial(numbers: str) -> str:
    return " or ".join(f'<a href="tel:{_digits(number)}">{escape(number)}</a>' for number in numbers.split(" or "))
