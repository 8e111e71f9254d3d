"""A figure, its goal, and whether it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """`is_least`: the goal is the least that will do; otherwise it is the most."""

    name: str
    figure: float
    goal: float
    unit: str
    is_least: bool = False

    @property
    def holds(self) -> bool:
        return self.figure >= self.goal if self.is_least else self.figure <= self.goal

    def as_json(self) -> dict[str, str | float | bool]:
        return {
            "name": self.name,
            "figure": self.figure,
            "goal": self.goal,
            "unit": self.unit,
            "holds": self.holds,
        }


def middle(measure: Callable[[], float], times: int) -> float:
    """The median of several measurements, after one that only warms up."""
    measure()
    return median(measure() for _ in range(times))
