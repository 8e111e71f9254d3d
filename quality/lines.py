"""What was measured, one line each: `SCREEN tool measure=value …`, and where it falls short."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Goal:
    """The most that will do; with `is_least`, the least."""

    figure: float
    is_least: bool = False

    def is_missed_by(self, value: float) -> bool:
        return value < self.figure if self.is_least else value > self.figure

    def __str__(self) -> str:
        return f"at {'least' if self.is_least else 'most'} {self.figure:g}"


@dataclass(frozen=True)
class Line:
    """Figures of one screen by one tool; `faults` are the tool's own words on them."""

    screen: str
    tool: str
    measures: dict[str, float]
    goals: dict[str, Goal] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = " ".join(f"{name}={value:.10g}" for name, value in self.measures.items())
        return f"{self.screen} {self.tool} {told}"

    def shortfalls(self) -> list[str]:
        """A sentence for each measure that misses its goal, the tool's words under it."""
        missed = [
            f"{self.screen} {self.tool}: {name} is {self.measures[name]:g}, {goal} is asked"
            for name, goal in self.goals.items()
            if goal.is_missed_by(self.measures[name])
        ]
        return [*missed, *(f"  {fault}" for fault in self.faults)] if missed else []
