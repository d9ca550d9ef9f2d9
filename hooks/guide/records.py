"""YAML with places: what a data file or a front matter says, held against its JSON Schema."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema
import yaml
from jsonschema.exceptions import ValidationError

from guide.diagnostics import Diagnostic, Rule, did_you_mean
from guide.source import Place, Source

Path = Sequence[str | int]


class _Loader(yaml.CSafeLoader):
    """Reads dates as the text that was written, so that a wrong one can be shown as it stands."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


for _prefix in ("!", "tag:yaml.org,2002:python/"):
    # Settings of generators hold tags that compute something; nothing of that is read here.
    _Loader.add_multi_constructor(_prefix, lambda _loader, _tag, _node: None)


@dataclass(frozen=True)
class Records:
    """The value of a YAML text, and where each part of it stands."""

    source: Source
    root: yaml.Node
    value: Any

    def place(self, path: Path = ()) -> Place:
        """Where the value at `path` (keys and indices from the root) stands; of a key that is missing, its mapping."""
        node = self.root
        for step in path:
            node = _child(node, step) or node
        return _place(self.source, node)

    def key_place(self, path: Path) -> Place:
        """Where the last key of `path` itself stands."""
        node = self.root
        for step in path[:-1]:
            node = _child(node, step) or node
        if isinstance(node, yaml.MappingNode):
            for key, _ in node.value:
                if key.value == path[-1]:
                    return _place(self.source, key)
        return _place(self.source, node)


def _child(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        item: yaml.Node = node.value[step]
        return item
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


def read(source: Source, rule: Rule, text: str | None = None) -> tuple[Records | None, list[Diagnostic]]:
    """Parse `text` (else the whole source) as YAML. `text` must keep the line numbers of the source.

    Returns the records, None where there are none, and the problems: bad syntax, aliases, a key given twice.
    """
    text = source.text if text is None else text
    try:
        _check_depth(text)
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            return None, []
        problems = list(_walk(root, source, rule))
        value = loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(source.path, mark.line + 1, mark.column + 1) if mark else Place(source.path)
        return None, [rule.at(place, f"unreadable YAML: {_explain(error)}", _YAML_HINT)]
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        return None, [rule.at(Place(source.path), f"unreadable YAML: {_first_line(error)}", _YAML_HINT)]
    return Records(source, root, value), problems


_YAML_HINT = "Quote a value that holds a colon, a quote or a leading '@', and indent with spaces."


def _explain(error: yaml.MarkedYAMLError) -> str:
    return " ".join(part for part in (error.context, error.problem) if part)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


class _UnreadableError(yaml.MarkedYAMLError):
    """YAML that no data needs and that could end or stall the process: deep nesting, aliases, keys that are no text."""


_DEPTH = 50


def _check_depth(text: str) -> None:
    """Refuse nesting on which the parser's own recursion would overflow."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEPTH:
                raise _UnreadableError(problem=f"nested more than {_DEPTH} deep", problem_mark=event.start_mark)  # type: ignore[arg-type]  # there are two Marks
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _walk(root: yaml.Node, source: Source, rule: Rule) -> Iterator[Diagnostic]:
    """Find the keys that are given twice; refuse aliases and keys that are no text."""
    visited: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in visited and not isinstance(node, yaml.ScalarNode):
            raise _UnreadableError(problem="aliases (&name, *name) are not read", problem_mark=node.start_mark)
        visited.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            waiting.extend(value for _, value in node.value)
            yield from _repeated_keys(node, source, rule)


def _repeated_keys(node: yaml.MappingNode, source: Source, rule: Rule) -> Iterator[Diagnostic]:
    keys: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _UnreadableError(problem="a key must be text", problem_mark=key.start_mark)
        if key.value in keys:
            yield rule.at(_place(source, key), f"the key '{key.value}' is given twice", "Keep one.")
        keys.add(key.value)


def _place(source: Source, node: yaml.Node) -> Place:
    return Place(source.path, node.start_mark.line + 1, node.start_mark.column + 1)


@cache
def schema(name: str) -> Mapping[str, Any]:
    """The JSON Schema of that name from `guide/schemas`."""
    found: Mapping[str, Any] = json.loads(
        files("guide").joinpath("schemas", f"{name}.json").read_text(encoding="utf-8")
    )
    return found


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema(name))


def validate(records: Records, name: str, rule: Rule, unknown_key: Rule | None = None) -> Iterator[Diagnostic]:
    """Hold the records against a schema; keys it does not know are findings of `unknown_key`, else of `rule`."""
    for error in _validator(name).iter_errors(records.value):
        path = list(error.absolute_path)
        if error.validator == "additionalProperties":
            known = error.schema["properties"]
            for key in error.instance:
                if key not in known:
                    place = records.key_place([*path, key])
                    yield (unknown_key or rule).at(
                        place, f"unknown key '{key}'", did_you_mean(str(key), known) or f"Known: {', '.join(known)}."
                    )
        else:
            yield rule.at(records.place(path), _say(error, path), _hint(error))


def _say(error: ValidationError, path: Path) -> str:
    what = _name(path)
    match error.validator:
        case "required":
            missing = [key for key in _strings(error.validator_value) if key not in _strings(error.instance)]
            return f"{what} lacks '{missing[0]}'" if len(missing) == 1 else f"{what} lacks {', '.join(missing)}"
        case "type":
            return f"{what} must be {_TYPES.get(str(error.validator_value), str(error.validator_value))}"
        case "enum":
            return (
                f"{what} must be one of {', '.join(map(str, _strings(error.validator_value)))}, not {error.instance!r}"
            )
        case "maxLength":
            return f"{what} has {len(str(error.instance))} characters, at most {error.validator_value} fit"
        case "pattern":
            return f"{what} does not have the right form: {_shorten(error.instance)}"
        case _:
            return f"{what}: {_shorten(error.message)}"


_TYPES = {
    "string": "text (quote it if it looks like a number)",
    "array": "a list",
    "object": "a mapping of keys to values",
    "boolean": "true or false",
    "integer": "a whole number",
}


def _hint(error: ValidationError) -> str:
    description = error.schema.get("description", "") if isinstance(error.schema, Mapping) else ""
    return str(description)


def _name(path: Path) -> str:
    keys = [step for step in path if isinstance(step, str)]
    if keys:
        return f"'{'.'.join(keys)}'"
    return "the item" if path else "the file"


def _strings(value: object) -> Iterable[str]:
    return value if isinstance(value, (list, tuple, dict)) else ()


def _shorten(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


@dataclass(frozen=True)
class Item:
    """One item of a data file, and where its parts stand."""

    value: Mapping[str, Any]
    records: Records
    number: int

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.value["id"])

    def place(self, *path: str | int) -> Place:
        """Where a part of the item stands."""
        return self.records.place([self.number, *path])

    def text(self, key: str) -> str:
        """The text under a key, empty if there is none."""
        return str(self.value.get(key) or "")

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under a key, empty if there is none."""
        found = self.value.get(key)
        return tuple(map(str, found)) if isinstance(found, list) else ()


def load_items(source: Source, name: str, duplicate: Rule = Rule.INVALID_DATA) -> tuple[list[Item], list[Diagnostic]]:
    """Read a data file, a list of items with an id each, and hold it against the schema `name`.

    Returns the items that have an id of their own, and what is wrong with the file.
    """
    records, problems = read(source, Rule.INVALID_DATA)
    if records is None:
        return [], problems
    problems += validate(records, name, Rule.INVALID_DATA)
    items: dict[str, Item] = {}
    for number, value in enumerate(records.value if isinstance(records.value, list) else ()):
        if not isinstance(value, dict) or not isinstance(value.get("id"), str):
            continue
        item = Item(value, records, number)
        if first := items.get(item.id):
            message = f"the id '{item.id}' is given twice, first on line {first.place('id').line}"
            problems.append(duplicate.at(item.place("id"), message, "Keep one entry, or give the other its own id."))
        else:
            items[item.id] = item
    return list(items.values()), problems
