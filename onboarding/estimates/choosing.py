"""What a customer may choose of an estimate: options, each on or off, and groups, one of each.

Pure. A group is the lines of one section that carry the same group name: good, better, best. What
was chosen is a set of line keys, whichever of the two they are.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, TypeVar

Group = tuple[str, str]
"""The section's key and the group's name."""


class Line(Protocol):
    """What of a line counts for choosing it."""

    @property
    def key(self) -> str: ...
    @property
    def is_optional(self) -> bool: ...
    @property
    def starts_chosen(self) -> bool: ...
    @property
    def section_key(self) -> str: ...
    @property
    def group_name(self) -> str: ...


class Choosable(Protocol):
    @property
    def lines(self) -> Sequence[Line]: ...


L = TypeVar("L", bound=Line)


def is_choosable(line: Line) -> bool:
    return line.is_optional or bool(line.group_name)


def groups(lines: Sequence[L]) -> Mapping[Group, list[L]]:
    """Each group with its lines, in their order."""
    found: dict[Group, list[L]] = defaultdict(list)
    for line in lines:
        if line.group_name:
            found[line.section_key, line.group_name].append(line)
    return found


def starting_options(estimate: Choosable) -> tuple[str, ...]:
    """The keys of what is chosen before anybody touched anything: of each group exactly one, the
    first where none is marked."""
    picked = {_start(lines).key for lines in groups(estimate.lines).values()}
    return tuple(
        line.key
        for line in estimate.lines
        if (line.key in picked if line.group_name else line.is_optional and line.starts_chosen)
    )


def options_of(estimate: Choosable, wanted: Collection[str]) -> tuple[str, ...]:
    """Those of `wanted` that can be chosen on this estimate, in the order of its lines."""
    return tuple(line.key for line in estimate.lines if is_choosable(line) and line.key in wanted)


def is_settled(estimate: Choosable, chosen: Collection[str]) -> bool:
    """Whether exactly one of each group is chosen."""
    return all(
        sum(line.key in chosen for line in lines) == 1 for lines in groups(estimate.lines).values()
    )


def settled(estimate: Choosable, wanted: Collection[str]) -> tuple[str, ...]:
    """`wanted`, and of each group that has not exactly one of its lines there, the one that it
    starts with."""
    chosen = set(wanted)
    for lines in groups(estimate.lines).values():
        if sum(line.key in chosen for line in lines) != 1:
            chosen -= {line.key for line in lines}
            chosen.add(_start(lines).key)
    return options_of(estimate, chosen)


def _start(lines: Sequence[L]) -> L:
    return next((line for line in lines if line.starts_chosen), lines[0])
