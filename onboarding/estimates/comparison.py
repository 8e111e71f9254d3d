"""*What changed* between two versions of an estimate. Pure; lines are matched by their key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from onboarding.estimates import pricing
from onboarding.estimates.pricing import Totals


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Field(StrEnum):
    """What of a line can differ, by the name of its column."""

    NAME = "name"
    DESCRIPTION = "description"
    QUANTITY = "quantity"
    UNIT = "unit"
    UNIT_PRICE = "unit_price_cents"
    TAXABLE = "is_taxable"
    OPTIONAL = "is_optional"
    SECTION = "section_key"
    GROUP = "group_name"


class Line(pricing.Line, Protocol):
    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def unit(self) -> str: ...


class Version(pricing.Priced, Protocol):
    """A version as it is compared; pricing.Priced with words."""

    @property
    def lines(self) -> Sequence[Line]: ...
    @property
    def scope(self) -> str: ...
    @property
    def sections(self) -> Sequence[Sequence[str]]: ...


@dataclass(frozen=True)
class SectionChange:
    """A heading's name on both sides: None where there is none."""

    before: str | None
    after: str | None


@dataclass(frozen=True)
class LineChange:
    """`before` is None for a line that was added, `after` for one that was taken out. Cents are
    what the whole line came to. `sections` names where it stands, before and after."""

    key: str
    change: Change
    before: Line | None
    after: Line | None
    before_cents: int | None
    after_cents: int | None
    fields: frozenset[Field]
    sections: tuple[str, str] = ("", "")

    @property
    def name(self) -> str:
        line = self.after or self.before
        return line.name if line else ""

    @property
    def place(self) -> str:
        """The section and the group that it stands in, or stood in, for the reader to find it."""
        line = self.after or self.before
        section = self.sections[1] if self.after else self.sections[0]
        return " · ".join(filter(None, (section, line.group_name if line else "")))

    def has(self, *fields: Field) -> bool:
        """Whether any of `fields` differs; true of every field of a line that is new or gone."""
        return self.change is not Change.CHANGED or bool(self.fields & set(fields))


@dataclass(frozen=True)
class Comparison:
    """Two versions side by side, each with the options that it starts out with.

    `discounts` and `tax_rates` are (before, after); a discount is (kind, value).
    """

    lines: tuple[LineChange, ...]
    sections: tuple[SectionChange, ...]
    has_other_scope: bool
    discounts: tuple[tuple[str, int], tuple[str, int]]
    tax_rates: tuple[int, int]
    before: Totals
    after: Totals

    @property
    def has_other_discount(self) -> bool:
        return self.discounts[0] != self.discounts[1]

    @property
    def has_other_tax(self) -> bool:
        return self.tax_rates[0] != self.tax_rates[1]

    @property
    def difference(self) -> int:
        """Cents that the new version costs more; negative where it costs less."""
        return self.after.total - self.before.total

    @property
    def is_same(self) -> bool:
        others = (self.has_other_scope, self.has_other_discount, self.has_other_tax)
        return not self.lines and not self.sections and not any(others)

    def of_line(self, key: str) -> LineChange | None:
        return next((line for line in self.lines if line.key == key), None)


def compare(before: Version, after: Version) -> Comparison:
    """What is different in `after`: its lines in their order, then the ones that were taken out."""
    old, new = pricing.totals(before), pricing.totals(after)
    known = {line.key: line for line in before.lines}
    kept = {line.key for line in after.lines}
    names = _names(before), _names(after)
    changes = [_change(known.get(line.key), line, old, new, names) for line in after.lines]
    changes += [
        _change(line, None, old, new, names) for line in before.lines if line.key not in kept
    ]
    return Comparison(
        lines=tuple(change for change in changes if change is not None),
        sections=_section_changes(*names),
        has_other_scope=before.scope.split() != after.scope.split(),
        discounts=(_discount(before), _discount(after)),
        tax_rates=(before.tax_rate, after.tax_rate),
        before=old,
        after=new,
    )


Names = Mapping[str, str]


def _names(version: Version) -> Names:
    """The names of the sections by their keys."""
    return {section[0]: section[1] for section in version.sections or ()}


def _section_changes(before: Names, after: Names) -> tuple[SectionChange, ...]:
    """Headings that are new or read otherwise, then those that are gone."""
    pairs = [(before.get(key), name) for key, name in after.items()]
    gone = [SectionChange(name, None) for key, name in before.items() if key not in after]
    return (*(SectionChange(old, new) for old, new in pairs if old != new), *gone)


def _change(
    before: Line | None, after: Line | None, old: Totals, new: Totals, names: tuple[Names, Names]
) -> LineChange | None:
    fields = _differing(before, after) - _only_headed_anew(before, after, names)
    line = after or before
    if line is None or not fields:
        return None
    if before is None:
        change = Change.ADDED
    elif after is None:
        change = Change.REMOVED
    else:
        change = Change.CHANGED
    return LineChange(
        line.key,
        change,
        before,
        after,
        old.of_line(line.key) if before else None,
        new.of_line(line.key) if after else None,
        fields,
        (
            names[0].get(before.section_key, "") if before else "",
            names[1].get(after.section_key, "") if after else "",
        ),
    )


def _only_headed_anew(
    before: Line | None, after: Line | None, names: tuple[Names, Names]
) -> frozenset[Field]:
    """A heading put in or taken out moves no line: it is told of once, as a heading."""
    if before is None or after is None:
        return frozenset()
    is_old = not after.section_key or after.section_key in names[0]
    is_kept = not before.section_key or before.section_key in names[1]
    return frozenset() if is_old and is_kept else frozenset({Field.SECTION})


def _differing(before: Line | None, after: Line | None) -> frozenset[Field]:
    if before is None or after is None:
        return frozenset(Field)
    return frozenset(
        field for field in Field if getattr(before, field.value) != getattr(after, field.value)
    )


def _discount(version: Version) -> tuple[str, int]:
    """No discount is no discount, whichever way it was going to be counted."""
    return (version.discount_kind, version.discount_value) if version.discount_value else ("", 0)
