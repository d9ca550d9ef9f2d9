"""What the code promises of itself: who knows whom, which words stand where, how long a function is."""

import ast
import re
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import yaml

from guide.diagnostics import RULES, Rule
from tests.conftest import ROOT, git

# Who may import whom inside the core: the project knows the features, they know what a finding and a source are.
# Several features stand on `records` (YAML with places); citations lead to references, dates are held against git.
CORE: Mapping[str, set[str]] = {
    "source": set(),
    "git": set(),
    "csl": set(),
    "output": set(),
    "diagnostics": {"source"},
    "records": {"diagnostics", "source"},
    "pages": {"records", "diagnostics", "source"},
    "people": {"records", "diagnostics", "source"},
    "helplines": {"records", "diagnostics", "source"},
    "glossary": {"records", "diagnostics", "source"},
    "marking": {"glossary"},
    "references": {"records", "diagnostics", "source"},
    "citations": {"references", "diagnostics", "source"},
    "freshness": {"git", "records", "diagnostics", "source"},
    "files": {"diagnostics", "source"},
    "settings": {"csl", "files", "records", "diagnostics", "source"},
    "project": {
        *("citations", "csl", "freshness", "git", "glossary", "helplines", "pages", "people", "references"),
        *("settings", "files", "records", "diagnostics", "source"),
    },
}
# What the edges may import of the core. They do not know each other.
EDGES: Mapping[str, set[str]] = {
    "events": {"project", "settings", "freshness", "output", "pages", "diagnostics"},
    "guide_cli": {"project", "settings", "diagnostics"},
    "guide_markdown": {"project", "settings", "marking", "glossary"},
}
HOSTS = {"mkdocs", "properdocs", "material", "mike", "zensical", "click", "logging"}
NETWORK = {"aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "ssl", "urllib.request", "urllib3"}

# What the guide is about stands in docs/ and mkdocs.yml, so that the tool can serve a guide about anything.
FRAGMENTS = (
    *(
        "antipsychotic",
        "bipolar",
        "brain",
        "catatoni",
        "depress",
        "electroconvuls",
        "esketamine",
        "hamilton",
        "illness",
    ),
    *("ketamine", "lithium", "magnetic", "maudsley", "medication", "medicine", "montgomery", "overdose", "psychiatr"),
    *("psycholog", "psychosis", "relapse", "remission", "samaritan", "self-harm", "serotonin", "suicid", "therap"),
)
ABBREVIATIONS = (
    "cbt",
    "ema",
    "fda",
    "madrs",
    "maoi",
    "nhs",
    "nice",
    "phq",
    "rtms",
    "snri",
    "ssri",
    "tca",
    "tms",
    "trd",
)

# In parts, so that this file does not hold what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        *(("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com")),
        *(("jsdelivr", "net"), ("unpkg", "com"), ("cdnjs", "cloudflare", "com"), ("rubygems", "org"), ("crates", "io")),
    )
]
HOMES = ("home", "root", "work", "Users")

HOOKS = sorted((ROOT / "hooks").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TOOL = sorted(
    path
    for folder in ("hooks", "overrides")
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and "__pycache__" not in path.parts
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    """The path of a file of the repository, as tests show it."""
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    """The modules that a file imports, anywhere in it; of the core as guide.module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def core_imports(path: Path) -> set[str]:
    """The modules of the core that a file imports."""
    return {module.split(".")[1] for module in imports(path) if module.startswith("guide.")}


def packages(path: Path) -> set[str]:
    """The packages that a file imports."""
    return {module.partition(".")[0] for module in imports(path)}


def definitions(node: ast.AST, *kinds: type[ast.AST], public: bool = False) -> Iterator[ast.AST]:
    """The definitions of some kinds, also those inside others; if `public`, only what can be reached by its name."""
    for child in ast.iter_child_nodes(node):
        if public and isinstance(child, Function | ast.ClassDef) and child.name.startswith("_"):
            continue
        if isinstance(child, kinds):
            yield child
        if not (public and isinstance(child, Function)):
            yield from definitions(child, *kinds, public=public)


def test_the_allowed_imports_form_no_cycle() -> None:
    order = list(TopologicalSorter(CORE).static_order())
    assert order[-1] == "project"


def test_every_module_has_its_place_in_the_graph() -> None:
    assert {path.stem for path in (ROOT / "hooks/guide").glob("*.py")} == {*CORE, "__init__"}
    assert {path.stem for path in (ROOT / "hooks").glob("*.py")} == set(EDGES)


@pytest.mark.parametrize("module", CORE)
def test_a_module_of_the_core_imports_only_what_it_may(module: str) -> None:
    assert core_imports(ROOT / f"hooks/guide/{module}.py") <= CORE[module]


@pytest.mark.parametrize("module", CORE)
def test_a_module_of_the_core_knows_no_host(module: str) -> None:
    assert packages(ROOT / f"hooks/guide/{module}.py").isdisjoint(HOSTS | EDGES.keys())


@pytest.mark.parametrize("edge", EDGES)
def test_an_edge_knows_the_project_and_no_other_edge(edge: str) -> None:
    path = ROOT / f"hooks/{edge}.py"
    assert core_imports(path) <= EDGES[edge]
    assert packages(path).isdisjoint(EDGES.keys() - {edge})


def test_only_one_module_imports_the_generator() -> None:
    assert [name(path) for path in HOOKS if "mkdocs" in packages(path)] == ["hooks/events.py"]


def test_only_one_module_runs_programs() -> None:
    assert [name(path) for path in HOOKS if "subprocess" in packages(path)] == ["hooks/guide/git.py"]
    assert [name(path) for path in HOOKS if re.search(r"\bos\.(system|exec|spawn|popen)", path.read_text())] == []


@pytest.mark.parametrize("path", HOOKS, ids=name)
def test_no_module_opens_a_connection(path: Path) -> None:
    assert (imports(path) | packages(path)).isdisjoint(NETWORK)


@pytest.mark.parametrize("path", TOOL, ids=name)
def test_the_tool_does_not_know_what_the_guide_is_about(path: Path) -> None:
    words = re.compile(rf"{'|'.join(FRAGMENTS)}|\b(?:{'|'.join(ABBREVIATIONS)})s?\b", re.IGNORECASE)
    assert words.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [*HOOKS, *TESTS], ids=name)
def test_no_function_is_longer_than_40_lines(path: Path) -> None:
    long = [
        function.name
        for function in definitions(ast.parse(path.read_text(encoding="utf-8")), ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(function, Function) and (function.end_lineno or 0) - function.lineno >= 40
    ]
    assert long == []


@pytest.mark.parametrize("path", HOOKS, ids=name)
def test_everything_public_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    silent = [
        definition.name
        for definition in definitions(tree, *kinds, public=True)
        if isinstance(definition, kinds) and not ast.get_docstring(definition)
    ]
    assert silent == []
    assert ast.get_docstring(tree)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_has_a_manual_of_a_sentence_or_more(rule: Rule) -> None:
    sentence, *_ = re.split(r"(?<=\.)\s", rule.manual.strip(), maxsplit=1)
    assert re.fullmatch(r"[A-Z].{20,}\.", sentence, re.DOTALL)


@pytest.mark.parametrize("rule", RULES)
def test_the_name_of_a_rule_is_small_words_and_hyphens(rule: str) -> None:
    assert re.fullmatch(r"[a-z]+[0-9]*(-[a-z]+[0-9]*)+", rule)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_tried_on_the_real_guide(rule: str) -> None:
    defects = yaml.safe_load((ROOT / "tests/defects.yml").read_text(encoding="utf-8"))
    assert any(rule in defect["rules"] for defect in defects)


def test_no_file_names_a_package_registry_or_a_folder_of_somebodys_machine() -> None:
    hosts = "|".join(map(re.escape, REGISTRIES))
    homes = "|".join(HOMES)
    forbidden = re.compile(rf"{hosts}|(?<![\w.-])/(?:{homes})/|\b[A-Z]:\\+(?:{homes})")
    found = [
        f"{file}: {match[0]}"
        for file in _repository_files()
        for match in forbidden.finditer((ROOT / file).read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def _repository_files() -> list[str]:
    """What git keeps, and what would be added to it."""
    listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    return [file for file in listed if file and (ROOT / file).is_file()]
