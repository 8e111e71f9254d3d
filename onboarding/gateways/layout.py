"""How line items stand, on a page and on paper: in sections, and in groups to pick one of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
Place = tuple[str, str]
"""The section and the group of a line; either may be empty."""


@dataclass(frozen=True)
class Block(Generic[T]):
    """A line by itself, or a group of which one is picked: then `group` is its name."""

    group: str
    lines: tuple[T, ...]


@dataclass(frozen=True)
class Section(Generic[T]):
    """`mark` is empty for what stands above the first heading."""

    mark: str
    blocks: tuple[Block[T], ...]

    @property
    def lines(self) -> tuple[T, ...]:
        return tuple(line for block in self.blocks for line in block.lines)


def laid_out(lines: Iterable[T], place: Callable[[T], Place]) -> tuple[Section[T], ...]:
    """Sections in the order of their first lines; a group stands where its first line does."""
    sections: dict[str, list[T]] = {}
    for line in lines:
        sections.setdefault(place(line)[0], []).append(line)
    return tuple(
        Section(mark, _blocks(inside, lambda line: place(line)[1]))
        for mark, inside in sections.items()
    )


def _blocks(lines: list[T], group_of: Callable[[T], str]) -> tuple[Block[T], ...]:
    blocks: dict[str, list[T]] = {}
    for number, line in enumerate(lines):
        # a name may be typed that looks like a number: what stands alone is told apart by a NUL
        blocks.setdefault(group_of(line) or f"\0{number}", []).append(line)
    return tuple(
        Block("" if name.startswith("\0") else name, tuple(inside))
        for name, inside in blocks.items()
    )
