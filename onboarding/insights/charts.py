"""Where the bars of the pictures stand, in the pictures' own units. Pure."""

from dataclasses import dataclass

from onboarding.insights.figures import Figures

WIDTH = 360
_ROW = 46
_MONTHS_HEIGHT = 150
_MOST_LABELS = 6
_LABEL = 18  # half the width of a month's short name


@dataclass(frozen=True)
class Bar:
    """A stage of the funnel; `top` is where its words stand, `width` of its bar."""

    place: int
    top: int
    width: float
    reached: int
    share: float


@dataclass(frozen=True)
class Pillar:
    """A month: sent behind, complete before. `y` counts downwards."""

    place: int
    x: float
    width: float
    sent_y: float
    sent_height: float
    complete_y: float
    complete_height: float
    label_x: float
    has_label: bool


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    bars: tuple[Bar, ...] = ()
    pillars: tuple[Pillar, ...] = ()


def funnel(figures: Figures) -> Picture:
    bars = tuple(
        Bar(place, place * _ROW, round(WIDTH * stage.share, 1), stage.reached, stage.share)
        for place, stage in enumerate(figures.funnel)
    )
    return Picture(WIDTH, len(bars) * _ROW, bars=bars)


def months(figures: Figures) -> Picture:
    most = max((month.sent for month in figures.months), default=0) or 1
    room = WIDTH / max(1, len(figures.months))
    every = -(-len(figures.months) // _MOST_LABELS)
    pillars = []
    for place, month in enumerate(figures.months):
        x, width = place * room + room * 0.15, min(room * 0.7, 48)
        sent = round(_MONTHS_HEIGHT * month.sent / most, 1)
        complete = round(_MONTHS_HEIGHT * month.complete / most, 1)
        pillars.append(
            Pillar(
                place=place,
                x=round(x, 1),
                width=round(width, 1),
                sent_y=round(_MONTHS_HEIGHT - sent, 1),
                sent_height=sent,
                complete_y=round(_MONTHS_HEIGHT - complete, 1),
                complete_height=complete,
                # Not over the edge of the picture.
                label_x=round(min(max(x + width / 2, _LABEL), WIDTH - _LABEL), 1),
                has_label=(len(figures.months) - 1 - place) % every == 0,
            )
        )
    return Picture(WIDTH, _MONTHS_HEIGHT + 24, pillars=tuple(pillars))
