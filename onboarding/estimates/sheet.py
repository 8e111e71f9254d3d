"""A version of an estimate as it is read: its sums and sections, and what its reader may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding import clock
from onboarding.estimates import choosing, pricing
from onboarding.estimates.comparison import Comparison, LineChange
from onboarding.estimates.completeness import has_lapsed
from onboarding.estimates.models import Estimate, LineItem, LinePhoto
from onboarding.gateways.layout import Block, laid_out
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act


@dataclass(frozen=True)
class Given:
    """The response that counts, when, and whether a rejection was explained."""

    chosen_keys: tuple[str, ...]
    at: datetime | None
    has_reason: bool


NOTHING_GIVEN = Given((), None, False)
Row = tuple[LineItem, pricing.LineTotal, LineChange | None]


@dataclass(frozen=True)
class Sheet:
    """A version as it is read: its sums with the options `chosen`, what changed since the version
    before it, how it stands, and what its reader may do about it.

    `state` is 'draft', 'open', 'approved', 'signed', 'rejected' or 'superseded'.
    """

    onboarding: Onboarding
    estimate: Estimate
    chosen: tuple[str, ...]
    totals: pricing.Totals
    changes: Comparison | None
    state: str
    given: Given
    may: frozenset[Act]

    @property
    def photos(self) -> Mapping[str, Sequence[LinePhoto]]:
        """By the line's key."""
        return {line.key: line.photos for line in self.estimate.lines}

    @property
    def sections(self) -> list[tuple[str, str, int, Sequence[Block[Row]]]]:
        """The key and name of each section that has lines, what it comes to, and its lines: each
        with what it comes to and what changed about it. Key and name are empty above the first
        heading."""
        changed = {line.key: line for line in self.changes.lines} if self.changes else {}
        rows = [
            (line, total, changed.get(line.key))
            for line, total in zip(self.estimate.lines, self.totals.lines, strict=True)
        ]
        names = dict(self.estimate.sections)
        return [
            (each.mark, names.get(each.mark, ""), _counted(each.lines), each.blocks)
            for each in laid_out(rows, lambda row: (row[0].section_key, row[0].group_name))
        ]

    @property
    def has_lapsed(self) -> bool:
        """The last day to approve it is over, at the job site."""
        return is_late(self.onboarding, self.estimate)

    @property
    def signed_before(self) -> int:
        """The version whose contract is in force while this newer one waits; 0 where none is."""
        facts = self.onboarding.facts
        is_newer = facts.has_newer_version and self.estimate.version == facts.latest_version
        return facts.signed_version if is_newer else 0

    @property
    def has_options(self) -> bool:
        return any(choosing.is_choosable(line) for line in self.estimate.lines)

    @property
    def may_approve(self) -> bool:
        return Act.APPROVE in self.may

    @property
    def may_reject(self) -> bool:
        return Act.REJECT in self.may

    @property
    def may_withdraw(self) -> bool:
        return Act.WITHDRAW in self.may and self.state == "approved"

    @property
    def may_ask(self) -> bool:
        return Act.ASK in self.may


def is_late(onboarding: Onboarding, version: Estimate) -> bool:
    """Whether the last day to approve the version is over at the job site."""
    return has_lapsed(version.valid_until, clock.today(onboarding.site_time_zone))


def _counted(rows: Sequence[Row]) -> int:
    return sum(total.cents for _line, total, _change in rows if total.is_counted)
