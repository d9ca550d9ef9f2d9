"""Who wrote and who reviewed: read from docs/data/people.yml."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from guide import records
from guide.diagnostics import Diagnostic
from guide.source import Source


@dataclass(frozen=True)
class Person:
    """A person or a group, with what a reader may ask of them."""

    id: str
    name: str
    role: str
    credentials: str
    interests: str
    url: str


People = Mapping[str, Person]


def load(source: Source) -> tuple[People, list[Diagnostic]]:
    """Read the people by id, and what is wrong with the file."""
    items, problems = records.load_items(source, "people")
    fields = ("id", "name", "role", "credentials", "interests", "url")
    return {item.id: Person(*map(item.text, fields)) for item in items}, problems


def html(people: People) -> str:
    """Everybody, as a list for the page about the guide."""
    return "<ul>\n" + "".join(map(_entry, people.values())) + "</ul>"


def _entry(person: Person) -> str:
    name, role, credentials, interests = map(_escape, (person.name, person.role, person.credentials, person.interests))
    return f"<li><strong>{name}.</strong> {role}. {credentials}. Interests: {interests}.</li>\n"


def _escape(text: str) -> str:
    """Make a text safe to stand in HTML, and keep brackets from being read as a citation."""
    return escape(text).replace("[", "&#91;")
