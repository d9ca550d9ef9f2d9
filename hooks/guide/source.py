"""The text of one file, and places in it."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

# The same pattern as mkdocs.utils.meta, so that both agree where the front matter ends.
_FRONT_MATTER = re.compile(r"\A-{3}[ \t]*\n(?P<yaml>.*?\n)(?:\.{3}|-{3})[ \t]*(?:\n|\Z)", re.DOTALL)
# As pymdownx.superfences reads them: a language, then options, or an attribute list.
_FENCE = re.compile(
    r"""
    (?P<indent>[ \t>]*) (?P<mark>`{3,}|~{3,})
    (?P<info>[ \t]* (?: \{[^{}\n]*\}
                     | [\w#.+-]*(?:[ \t]+[\w-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'`]+))* )) [ \t]*$
    """,
    re.VERBOSE,
)
_CONTAINER = re.compile(r"(?P<indent> *)(?:[-*+]|\d+[.)]|!!!|\?\?\?\+?|===|:|\[\^[^\]]+\]:)(?=\s|$)")
_COMMENT_OR_CODE = re.compile(
    r"""
      (?P<comment><!--(?:>|->|.*?--!?>))     # browsers close a comment at each of these
    | (?:(?<!\\)(?P<ticks>`+)
         # a code span ends before a blank line, a tag that begins a line, a row and an item
         (?:(?!\n[ \t]*\n|\n[ \t>]*(?:<[A-Za-z/!?]|\||[-*+][ \t]|\d+\.[ \t])).)+?
         (?<!`)(?P=ticks)(?!`))
    """,
    re.VERBOSE | re.DOTALL,
)
_TARGET_OR_TAG = re.compile(
    r"""
      <(?P<tag>pre|code|script|style)\b[^>]*>.*?</(?P=tag)\s*>    # an element whose text is no prose
    |
      (?<=\])\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)     # the target of a link or an image
    | ^[ ]{0,3}\[[^\]\n@]+\]:[ \t]*\S[^\n]*             # the definition of a reference link
    | <(?:https?|mailto):[^>\s]*>                      # an automatic link
    | </?[A-Za-z][^<>]*>                               # a tag with its attributes
    | (?<=\S)[ ]?\{[:#.][^{}\n]*\}                     # an attribute list
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_NOT_NEWLINE = re.compile(r"[^\n]")


@dataclass(frozen=True, order=True)
class Place:
    """A character of a file: `path` relative to the project, `line` and `column` from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Source:
    """The text of one file, with three views of equal length, so that an offset means the same in all.

    `text` is what the author sees, `markup` has front matter, code and comments blanked,
    `prose` has link targets, tags and attributes blanked as well.
    """

    path: str
    text: str

    @cached_property
    def _front_matter(self) -> re.Match[str] | None:
        return _FRONT_MATTER.match(self.text)

    @property
    def front_matter(self) -> str | None:
        """The YAML between the `---` lines, or None."""
        return self._front_matter["yaml"] if self._front_matter else None

    @property
    def front_matter_span(self) -> tuple[int, int] | None:
        """The offsets between which that YAML stands, or None."""
        return self._front_matter.span("yaml") if self._front_matter else None

    @property
    def body_start(self) -> int:
        """The offset at which the front matter ends."""
        return self._front_matter.end() if self._front_matter else 0

    @cached_property
    def comments(self) -> list[re.Match[str]]:
        """The HTML comments outside of code."""
        return [match for match in _COMMENT_OR_CODE.finditer(self._without_code_blocks) if match["comment"]]

    @cached_property
    def markup(self) -> str:
        """The text with front matter, code and comments blanked."""
        return _COMMENT_OR_CODE.sub(_blank_match, self._without_code_blocks)

    @cached_property
    def _without_code_blocks(self) -> str:
        return blank(self.text[: self.body_start]) + _blank_code_blocks(self.text[self.body_start :])

    @cached_property
    def prose(self) -> str:
        """The markup with link targets, tags and attributes blanked."""
        return _TARGET_OR_TAG.sub(_blank_match, self.markup)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def place(self, offset: int) -> Place:
        """Turn an offset into line and column."""
        line = bisect_right(self._line_starts, offset)
        return Place(self.path, line, offset - self._line_starts[line - 1] + 1)

    def find(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Find a pattern in the prose: what is checked is what is rendered."""
        return pattern.finditer(self.prose)


def blank(text: str) -> str:
    """Replace all but the newlines by spaces."""
    return _NOT_NEWLINE.sub(" ", text)


def _blank_match(match: re.Match[str]) -> str:
    return blank(match[0])


def _blank_code_blocks(text: str) -> str:
    """Blank fenced blocks that are closed, and indented blocks that no list or admonition holds."""
    lines = text.split("\n")
    closings = _closing_fences(lines)
    number, depth, after_blank = 0, 0, True
    while number < len(lines):
        line = lines[number]
        if number in closings:
            end = closings[number]
            lines[number : end + 1] = [blank(inner) for inner in lines[number : end + 1]]
            number, after_blank = end + 1, True
            continue
        if not line.strip():
            number, after_blank = number + 1, True
            continue
        width = _indentation(line)
        if after_blank and width >= 4 * (depth + 1):
            lines[number] = blank(line)
        else:
            depth = _depth(line, width, depth)
            after_blank = False
        number += 1
    return "\n".join(lines)


def _indentation(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip(" "))


def _depth(line: str, width: int, depth: int) -> int:
    """How many containers hold the lines that follow this one, by Python-Markdown's four columns each."""
    container = _CONTAINER.match(line.expandtabs(4))
    return width // 4 + 1 if container else min(depth, width // 4)


def _closing_fences(lines: list[str]) -> dict[int, int]:
    """Map the line of each opening fence to the line that closes it.

    As in pymdownx.superfences, every line between must begin with what stands before the fence.
    """
    closings: dict[int, int] = {}
    opening: tuple[int, re.Match[str]] | None = None
    for number, line in enumerate(lines):
        fence = _FENCE.match(line)
        if opening and not _is_inside(line, opening[1]["indent"]):
            opening = None
        if not fence:
            continue
        if opening is None:
            opening = number, fence
        elif not fence["info"].strip() and fence["indent"] + fence["mark"] == opening[1]["indent"] + opening[1]["mark"]:
            closings[opening[0]] = number
            opening = None
    return closings


def _is_inside(line: str, indent: str) -> bool:
    return line.startswith(indent.rstrip() if ">" in indent else indent) or not (line.strip() or ">" in indent)
