"""The command-line edge: the `guide` command."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from guide.diagnostics import RULES, Diagnostic, Severity, as_json, as_text, did_you_mean
from guide.project import Project
from guide.settings import UnusableProjectError, load_settings

_FORMATS: dict[str, Callable[[Iterable[Diagnostic]], str]] = {"text": as_text, "json": as_json}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="The project's folder, if it is not this one.",
)
@click.pass_context
def main(context: click.Context, root: Path) -> None:
    """Keep a guide honest: its references, terms, dates and pages.

    Exit status: 0 nothing that stops, 1 findings that stop, 2 wrong use or an unusable project.
    """
    context.obj = root


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--format",
    "form",
    type=click.Choice(list(_FORMATS)),
    default="text",
    show_default=True,
    help="For people or for machines.",
)
@click.option("--strict", is_flag=True, help="Let warnings stop too.")
@click.pass_obj
def check(root: Path, paths: tuple[Path, ...], form: str, strict: bool) -> None:
    """Say all that is wrong, or what is wrong in PATHS only (files or folders)."""
    try:
        project = Project.load(root.resolve(), load_settings(root / "mkdocs.yml"))
    except UnusableProjectError as error:
        click.echo(f"guide: {error}", err=True)
        sys.exit(2)
    diagnostics = [diagnostic for diagnostic in project.check() if _is_under(project.root, diagnostic, paths)]
    click.echo(_FORMATS[form](diagnostics), nl=False)
    click.echo(_count(diagnostics, project), err=True)
    sys.exit(any(strict or diagnostic.severity is Severity.ERROR for diagnostic in diagnostics))


def _is_under(root: Path, diagnostic: Diagnostic, paths: tuple[Path, ...]) -> bool:
    place = root / diagnostic.place.path
    return not paths or any(place.is_relative_to(path.resolve()) for path in paths)


def _count(diagnostics: list[Diagnostic], project: Project) -> str:
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    counts = [_plural(errors, "error"), _plural(len(diagnostics) - errors, "warning")]
    found = " and ".join(count for count in counts if not count.startswith("0 ")) or "Nothing wrong"
    history = "" if project.history else " There is no git history, so dates are not checked against it."
    looked_at = [(project.pages, "page"), (project.references, "reference"), (project.glossary.terms, "term")]
    return f"{found} in {', '.join(_plural(len(things), noun) for things, noun in looked_at)}.{history}"


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@main.command()
@click.argument("name", required=False)
def rules(name: str | None) -> None:
    """Print what the rules find and why, all of them or the one called NAME."""
    if name and name not in RULES:
        click.echo(f"guide: there is no rule '{name}'. {did_you_mean(name, RULES)}".rstrip(), err=True)
        sys.exit(2)
    for rule in RULES.values():
        if name in {None, rule.value}:
            click.echo(f"{click.style(rule.value, bold=True)} ({rule.severity.value})")
            click.echo("".join(f"    {line}\n" for line in rule.manual.splitlines()))


if __name__ == "__main__":
    main()
