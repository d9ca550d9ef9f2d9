"""Who wrote and who reviewed: read from docs/data/people.yml."""

from collections.abc import Mapping
from dataclasses import dataclass

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


def markdown(people: People) -> str:
    """Everybody, as a list for the page about the guide."""
    return "\n".join(
        f"- **{person.name}.** {person.role}. {person.credentials}. Interests: {person.interests}."
        for person in people.values()
    )
