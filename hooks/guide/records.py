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
    start: int
    root: yaml.Node
    value: Any

    def place(self, path: Path = ()) -> Place:
        """Where the value at `path` (keys and indices from the root) stands; of a key that is missing, its mapping."""
        return self.place_of(self._node(path))

    def key_place(self, path: Path) -> Place:
        """Where the last key of `path` itself stands."""
        node = self._node(path[:-1])
        keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
        return self.place_of(next((key for key in keys if key.value == str(path[-1])), node))

    def _node(self, path: Path) -> yaml.Node:
        node = self.root
        for step in path:
            node = _child(node, step) or node
        return node

    def place_of(self, node: yaml.Node) -> Place:
        """Where a node stands."""
        return self.source.place(self.start + node.start_mark.index)


def _child(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        item: yaml.Node = node.value[step]
        return item
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


def read(
    source: Source, rule: Rule, span: tuple[int, int] | None = None, *, aliases: bool = False
) -> tuple[Records | None, list[Diagnostic]]:
    """Parse the text between the two offsets of `span`, else the whole source, as YAML.

    Returns the records, None where there are none, and the problems, findings of `rule`: bad syntax, a key given
    twice, and unless `aliases` are allowed, aliases.
    """
    start, end = span or (0, len(source.text))
    try:
        root = _compose(source.text[start:end])
        if root is None:
            return None, []
        repeated = list(_repeated_keys(root, aliases=aliases))
        value = _Loader("").construct_document(root)
    except yaml.YAMLError as error:
        place = source.place(start + _position(error, source.text[start:end]))
        return None, [rule.at(place, f"unreadable YAML: {_explain(error)}", _YAML_HINT)]
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        return None, [rule.at(source.place(start), f"unreadable YAML: {error}", _YAML_HINT)]
    records = Records(source, start, root, value)
    return records, [
        rule.at(records.place_of(key), f"the key '{key.value}' is given twice", "Keep one.") for key in repeated
    ]


_YAML_HINT = "Quote a value that holds a colon, a quote or a leading '@', and indent with spaces."


def _position(error: yaml.YAMLError, text: str) -> int:
    if isinstance(error, yaml.reader.ReaderError):
        # This one counts bytes.
        return len(text.encode()[: error.position].decode(errors="ignore"))
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return int(mark.index) if mark else 0


def _explain(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError):
        return " ".join(part for part in (error.context, error.problem) if part)
    return str(getattr(error, "reason", error))


class _UnreadableError(yaml.MarkedYAMLError):
    """YAML that no data needs and that could end or stall the process."""

    def __init__(self, problem: str, mark: Any) -> None:
        super().__init__(problem=problem, problem_mark=mark)


_DEPTH = 50
_TAGS = ("str", "int", "float", "bool", "null", "map", "seq", "merge", "python/")


def _compose(text: str) -> yaml.Node | None:
    """Parse into nodes. Refuses nesting on which the parser's own recursion would overflow."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEPTH:
                raise _UnreadableError(f"nested more than {_DEPTH} deep", event.start_mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return _Loader(text).get_single_node()


def _repeated_keys(root: yaml.Node, *, aliases: bool) -> Iterator[yaml.ScalarNode]:
    """Find the keys that are given twice. Refuses aliases, keys that are no text, and tags of other types."""
    visited: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in visited:
            if not aliases:
                raise _UnreadableError("aliases (&name, *name) are not read", node.start_mark)
            continue
        visited.add(id(node))
        _, prefix, tag = node.tag.partition("tag:yaml.org,2002:")
        if prefix and not tag.startswith(_TAGS):
            raise _UnreadableError(f"the tag !!{tag} is not read", node.start_mark)
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            waiting.extend(value for _, value in node.value)
            yield from _repeated(key for key, _ in node.value)


def _repeated(keys: Iterable[yaml.Node]) -> Iterator[yaml.ScalarNode]:
    seen: set[str] = set()
    for key in keys:
        if not isinstance(key, yaml.ScalarNode):
            raise _UnreadableError("a key must be text", key.start_mark)
        if key.value in seen:
            yield key
        seen.add(key.value)


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
    return _findings(records, _validator(name).iter_errors(records.value), rule, unknown_key)


def _findings(
    records: Records, errors: Iterable[Any], rule: Rule, unknown_key: Rule | None = None
) -> Iterator[Diagnostic]:
    for error in errors:
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
    """One item of a data file, and where its parts stand; `is_sound` says that it fits its schema."""

    value: Mapping[str, Any]
    records: Records
    number: int
    is_sound: bool = True

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
    errors = list(_validator(name).iter_errors(records.value))
    problems += _findings(records, errors, Rule.INVALID_DATA)
    faulty = {error.absolute_path[0] for error in errors if error.absolute_path}
    items: dict[str, Item] = {}
    for number, value in enumerate(records.value if isinstance(records.value, list) else ()):
        if not isinstance(value, dict) or not isinstance(value.get("id"), str):
            continue
        item = Item(value, records, number, number not in faulty)
        if first := items.get(item.id):
            message = f"the id '{item.id}' is given twice, first on line {first.place('id').line}"
            problems.append(duplicate.at(item.place("id"), message, "Keep one entry, or give the other its own id."))
        else:
            items[item.id] = item
    return list(items.values()), problems
