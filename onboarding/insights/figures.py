"""From what the database counted to what is told: pure."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onboarding.insights.queries import Count, Stage, Took


@dataclass(frozen=True)
class StageFigures:
    """One stage: how many reached it, how many of those went no further yet."""

    stage: Stage
    reached: int
    stopped: int
    share: float


@dataclass(frozen=True)
class StepFigures:
    """Minutes of the step that ends at `stage`; of the whole way where that is none."""

    stage: Stage | None
    jobs: int
    median: float | None
    ninetieth: float | None


@dataclass(frozen=True)
class GroupFigures:
    """A month, or a member: `key` is its place or id."""

    key: int | str
    sent: int
    complete: int
    median: float | None

    @property
    def share(self) -> float:
        return self.complete / self.sent if self.sent else 0.0


@dataclass(frozen=True)
class Figures:
    funnel: tuple[StageFigures, ...]
    steps: tuple[StepFigures, ...]
    months: tuple[GroupFigures, ...]
    members: tuple[GroupFigures, ...]

    @property
    def sent(self) -> int:
        return self.funnel[0].reached

    @property
    def complete(self) -> int:
        return self.funnel[-1].reached

    @property
    def whole(self) -> StepFigures:
        return self.steps[-1]

    @property
    def worst(self) -> StageFigures | None:
        """Where most people stop, if any do."""
        open_ones = [figures for figures in self.funnel[:-1] if figures.stopped]
        return max(open_ones, key=lambda figures: figures.stopped, default=None)


def told(counts: Sequence[Count], minutes: Sequence[Took], months: int) -> Figures:
    """`months` is how many the span has; from the first with anything in it on, one that is empty
    is told as well."""
    places = range(min((count.month for count in counts), default=0), months)
    members = dict.fromkeys(count.member_id for count in counts)
    return Figures(
        funnel=_funnel(counts),
        steps=_steps(minutes),
        months=_groups(list(places), counts, minutes, "month"),
        members=_groups(list(members), counts, minutes, "member_id"),
    )


def percentile(values: Iterable[float], share: float) -> float | None:
    """The smallest value that is no less than `share` of them (nearest rank); none of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def _funnel(counts: Sequence[Count]) -> tuple[StageFigures, ...]:
    stopped = dict.fromkeys(Stage, 0)
    for count in counts:
        stopped[count.stage] += count.jobs
    sent = sum(stopped.values())
    found = []
    for stage in Stage:
        reached = sum(jobs for other, jobs in stopped.items() if other >= stage)
        went_no_further = 0 if stage is Stage.COMPLETE else stopped[stage]
        share = reached / sent if sent else 0.0
        found.append(StageFigures(stage, reached, went_no_further, share))
    return tuple(found)


def _steps(minutes: Sequence[Took]) -> tuple[StepFigures, ...]:
    ends = [stage for stage in Stage if stage is not Stage.SENT]
    columns = list(zip(*(took.steps for took in minutes), strict=True)) or [()] * len(ends)
    steps = [_step(stage, column) for stage, column in zip(ends, columns, strict=True)]
    return (*steps, _step(None, [took.whole for took in minutes]))


def _step(stage: Stage | None, column: Iterable[float | None]) -> StepFigures:
    values = [value for value in column if value is not None and value >= 0]
    return StepFigures(stage, len(values), percentile(values, 0.5), percentile(values, 0.9))


def _groups(
    keys: Sequence[int | str], counts: Sequence[Count], minutes: Sequence[Took], name: str
) -> tuple[GroupFigures, ...]:
    sent: defaultdict[int | str, int] = defaultdict(int)
    complete: defaultdict[int | str, int] = defaultdict(int)
    whole: defaultdict[int | str, list[float]] = defaultdict(list)
    for count in counts:
        key = getattr(count, name)
        sent[key] += count.jobs
        complete[key] += count.jobs if count.stage is Stage.COMPLETE else 0
    for took in minutes:
        if took.whole is not None:
            whole[getattr(took, name)].append(took.whole)
    return tuple(
        GroupFigures(key, sent[key], complete[key], percentile(whole[key], 0.5)) for key in keys
    )
