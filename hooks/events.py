"""The MkDocs and ProperDocs edge: loads the project, says what is wrong, renders pages, publishes what was built."""

import json
import logging
import shutil
from html import escape
from pathlib import Path
from typing import IO, Any, Literal

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler

from guide import freshness, output, pages
from guide.diagnostics import Severity
from guide.project import Project
from guide.settings import UnusableProjectError, load_settings

# Records below "mkdocs" count for --strict.
log = logging.getLogger("mkdocs.guide")
_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING}
_previewing = False
# The folder that is built into, and the claim to it; MkDocs tells `on_build_error` nothing of the build.
_building: list[tuple[str, IO[str]]] = []


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:  # noqa: ARG001 (MkDocs passes it)
    """Remember whether this is a preview: there, findings are said but stop nothing."""
    global _previewing  # noqa: PLW0603 (MkDocs tells it once a process, and later events nothing of it)
    _previewing = command == "serve"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Load the project afresh at each build, so that a preview follows edits of the data."""
    path = Path(config.config_file_path).resolve()
    try:
        config.extra["project"] = Project.load(path.parent, load_settings(path))
    except UnusableProjectError as error:
        raise PluginError(str(error)) from None
    config.extra["guide"] = config.extra.get("guide") or {}
    repository = config.extra["guide"].get("repository")
    if repository and not config.edit_uri_template:
        # `repo_url` would do this too, and make every reader's browser call that host.
        config.edit_uri_template = f"{repository}/edit/main/{config.extra['project'].settings.docs}/{{path}}"
    return config


def on_pre_build(config: MkDocsConfig) -> None:
    """Build beside the site of the last build, which stays until this one has succeeded."""
    site = Path(config.site_dir).resolve()
    try:
        claim = output.claim(site)
    except output.BusyError:
        raise PluginError(f"Another build is writing {site}. Wait until it has ended.") from None
    config.extra["site"] = str(site)
    config.site_dir = str(output.staging(site))
    _building.append((config.site_dir, claim))


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Say all that is wrong before anything is rendered; errors stop the build, in strict mode warnings too."""
    project: Project = config.extra["project"]
    if project.history is None:
        log.info("There is no git history: dates are shown as the pages state them.")
    config.extra["diagnostics"] = diagnostics = project.check()
    for diagnostic in diagnostics:
        log.log(_LEVELS[diagnostic.severity], "%s", diagnostic)
    stopping = [diagnostic for diagnostic in diagnostics if config.strict or diagnostic.severity is Severity.ERROR]
    if stopping and not _previewing:
        raise PluginError(
            f"The build stops: {len(stopping)} to mend, each in a line above. The last site stays as it was."
        )
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 (MkDocs passes it)
    """Tell the Markdown extension which page it renders next."""
    path = page.file.src_uri
    project: Project = config.extra["project"]
    if path not in project.pages:
        raise PluginError(f"'{path}' was not checked. Give the page the ending .md, in a folder that is no link.")
    if not page.meta and project.pages[path].front_matter:
        # MkDocs reads YAML by a stricter parser, and would print what it cannot read as text.
        raise PluginError(
            f"{project.pages[path].source.path}:1:1: MkDocs cannot read the front matter. Quote its values."
        )
    if page.meta.get("description"):
        # The theme writes it into an attribute as it is.
        page.meta["description"] = escape(str(page.meta["description"]))
    config.mdx_configs["guide_markdown"] = {"project": project, "page": path}
    return markdown


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 (MkDocs passes it)
    """Refuse a page that could act on its own, in whatever way that was brought into it."""
    if found := pages.active_content(html):
        project: Project = config.extra["project"]
        raise PluginError(f"{project.settings.docs}/{page.file.src_uri}:1:1: the page would hold {', '.join(found)}.")
    return html


def on_env(env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:  # noqa: ARG001 (MkDocs passes it)
    """Give the templates the date as readers write it, and the address of a page."""
    env.filters["in_words"] = _in_words
    env.filters["address"] = lambda path: _address(str(path), files)
    return env


def _address(path: str, files: Files) -> str:
    file = files.get_file_from_path(path)
    return file.url if file else "."


def _in_words(value: Any) -> str:
    day = freshness.parse(value)
    return freshness.in_words(day) if day else str(value)


@event_priority(-100)  # after the plugins that still write into the site
def on_post_build(config: MkDocsConfig) -> None:
    """Put the new site in the place of the last one, unless strict mode is about to refuse it."""
    project: Project = config.extra["project"]
    site = Path(config.extra["site"])
    summary = {**project.summary(), "findings": len(config.extra["diagnostics"])}
    output.write_text(Path(config.site_dir) / "build.json", json.dumps(summary, indent=2) + "\n")
    if _warned():
        shutil.rmtree(config.site_dir)
    else:
        output.publish(site)
        log.info("The site is in %s", site)
        addresses = f"{config.site_url} {config.extra['guide'].get('repository')}"
        if "example.org" in addresses:
            log.info("site_url or extra.guide.repository is a placeholder: set both before you publish.")
    config.site_dir = str(site)
    output.release(_building.pop()[1])


def on_build_error(error: Exception) -> None:  # noqa: ARG001 (MkDocs passes it)
    """Take away what was built so far."""
    if _building:
        folder, claim = _building.pop()
        shutil.rmtree(folder, ignore_errors=True)
        output.release(claim)


def _warned() -> bool:
    """Whether MkDocs has counted a warning, which it does in strict mode only."""
    handlers = logging.getLogger("mkdocs").handlers
    return any(handler.get_counts() for handler in handlers if isinstance(handler, CountHandler))
