"""The little that plain text may say about its shape, read the same for a page and for a PDF.

`# ` begins a heading, `## ` a smaller one, `- ` a list item, a blank line ends a paragraph. All
else is text, whatever it looks like.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Kind = Literal["heading", "subheading", "paragraph", "list"]
_MARKS: tuple[tuple[str, Kind], ...] = (
    ("# ", "heading"),
    ("## ", "subheading"),
    ("- ", "list"),
)


@dataclass(frozen=True)
class Block:
    """A heading has one line, a list one for each item; a paragraph breaks where it was typed."""

    kind: Kind
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def blocks(text: str) -> list[Block]:
    """The blocks of `text`, in order, none of them empty."""
    marked = (_read(line.strip()) for line in text.splitlines())
    made: list[Block] = []
    for kind, run in groupby(marked, key=lambda pair: pair[0]):
        lines = tuple(words for _, words in run)
        made += _made(kind, lines)
    return made


def _read(line: str) -> tuple[Kind | None, str]:
    for mark, kind in _MARKS:
        words = line.removeprefix(mark).strip()
        if line.startswith(mark) and words:
            return kind, words
    return ("paragraph", line) if line else (None, "")


def _made(kind: Kind | None, lines: tuple[str, ...]) -> Iterator[Block]:
    if kind in ("heading", "subheading"):
        for line in lines:
            yield Block(kind, (line,))
    elif kind is not None:
        yield Block(kind, lines)
