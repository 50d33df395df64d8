"""A cohort in, the figure of strength and prednisone over time out."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.cohort import Cohort
from analysis.figures_parts import (
    DAYS_LABEL,
    GAP_IN,
    LEFT_IN,
    Floats,
    Person,
    by_patient,
    counted,
    empty_figure,
    groups,
    heading,
    key,
    people,
    round_ticks,
    sheet,
    sign,
    strength_axis,
    thin_lines,
)
from analysis.style import GREY, HEADER_IN, INK, SHADE, SMALL_PT, WIDTH_IN, Sheet, in_style

MOST_PANELS = 12  # patients with a panel each
TITLE_IN = 0.2
STRIP_GAP_IN = 0.07
FOOT_IN = 0.66


@dataclass(frozen=True)
class Records:
    """Days, strength and mg/day of the visits, and start days of the cycles, by patient."""

    visits: dict[int, tuple[Floats, ...]]
    cycles: dict[int, tuple[Floats, ...]]

    def strength(self, person: Person) -> tuple[Floats, Floats]:
        """Days and scores."""
        days, scores, _ = self.visits.get(person.number, (np.empty(0),) * 3)
        return days, scores

    def dose(self, person: Person) -> tuple[Floats, Floats]:
        """Days and prednisone as a step line: each recorded dose holds until the next visit."""
        days, _, doses = self.visits.get(person.number, (np.empty(0),) * 3)
        return np.repeat(days, 2)[1:], np.repeat(doses, 2)[:-1]


@dataclass(frozen=True)
class Grid:
    """Panels in rows, each a strength strip above a prednisone strip; heights in inches."""

    n_panels: int
    columns: int
    strength_in: float = 1.15
    dose_in: float = 0.52

    @property
    def row_in(self) -> float:
        """The height of a row with its title."""
        return TITLE_IN + self.strength_in + STRIP_GAP_IN + self.dose_in + 0.06

    @property
    def height_in(self) -> float:
        """The height of the whole figure."""
        return HEADER_IN + -(-self.n_panels // self.columns) * self.row_in + FOOT_IN

    @property
    def width_in(self) -> float:
        """The width of a panel."""
        room = WIDTH_IN - LEFT_IN - 0.1 - (self.columns - 1) * GAP_IN
        return room / self.columns

    def panel(self, figure: Sheet, i: int) -> tuple[Axes, Axes]:
        """The two axes of panel `i`; only the outer panels have labels."""
        left = LEFT_IN + i % self.columns * (self.width_in + GAP_IN)
        top = HEADER_IN + TITLE_IN + i // self.columns * self.row_in
        strength = figure.panel(left, top, self.width_in, self.strength_in)
        top += self.strength_in + STRIP_GAP_IN
        dose = figure.panel(left, top, self.width_in, self.dose_in)
        strength.spines["bottom"].set_visible(False)
        dose.tick_params("x", labelbottom=i + self.columns >= self.n_panels)
        if i % self.columns == 0:
            strength.set_ylabel("MRC sum score\n(points, 0–60)")
            dose.set_ylabel("Prednisone\n(mg/day)", fontsize=SMALL_PT)
        else:
            strength.tick_params("y", labelleft=False)
            dose.tick_params("y", labelleft=False)
        return strength, dose

    def label_days(self, figure: Sheet) -> None:
        """The label of the days, below the middle of the panels."""
        middle_in = LEFT_IN + (self.columns * (self.width_in + GAP_IN) - GAP_IN) / 2
        figure.write(middle_in, self.height_in - 0.27, DAYS_LABEL, ha="center")


def time_courses(cohort: Cohort) -> Figure:
    """Strength and prednisone (mg/day) over the days since the first infusion, a panel a patient.

    Ticks are cycles, the shaded band is the follow-up window, the large markers are baseline and
    follow-up. Above twelve patients there is a panel a diagnosis and a thin line a patient.
    """
    if cohort.patients.empty:
        return empty_figure(cohort)
    records = Records(
        by_patient(cohort.visits, "visit_day", "mrc_sum_score", "prednisone_mg_day"),
        by_patient(cohort.cycles, "start_day"),
    )
    with in_style():
        if len(cohort.patients) > MOST_PANELS:
            return _by_group(cohort, records)
        return _by_patient(cohort, records)


def _by_patient(cohort: Cohort, records: Records) -> Figure:
    n = len(cohort.patients)
    grid = Grid(n, columns=min(n, 3 if n <= 6 else 4))
    figure = sheet(cohort, grid.height_in, counted(n, "patient"))
    for i, one in enumerate(people(cohort)):
        strength, dose = grid.panel(figure, i)
        strength.set_title(f"Patient {one.label}")
        _share_limits(strength, dose, cohort)
        _draw_strength(strength, cohort, one, records)
        _draw_dose(dose, one, records)
    grid.label_days(figure)
    key(figure, _key(cohort), columns=3)
    return figure


def _by_group(cohort: Cohort, records: Records) -> Figure:
    drawn = groups(cohort)
    grid = Grid(len(drawn), columns=len(drawn), strength_in=2.0, dose_in=1.0)
    figure = sheet(cohort, grid.height_in, counted(len(cohort.patients), "patient"))
    for i, group in enumerate(drawn):
        strength, dose = grid.panel(figure, i)
        _share_limits(strength, dose, cohort)
        scores = [records.strength(one) for one in group.people]
        strength.set_title(heading(group.label, scores))
        thin_lines(strength, scores, group.look, label=group.label)
        doses = [records.dose(one) for one in group.people]
        thin_lines(dose, doses, group.look, label=group.label)
    grid.label_days(figure)
    key(figure, _key(cohort)[:1], columns=1)
    return figure


def _share_limits(strength: Axes, dose: Axes, cohort: Cohort) -> None:
    """The limits of both axes, the same in every panel, and the follow-up window."""
    strength_axis(strength, cohort.visits["mrc_sum_score"].to_numpy(float))
    highest = np.nanmax([10.0, *cohort.visits["prednisone_mg_day"].to_numpy(float)])
    dose.set_ylim(0, highest * 1.08)
    round_ticks(dose.yaxis, 2)
    window = _window(cohort)
    first = min(0, *cohort.visits["visit_day"].astype(int), window[0])
    last = max(*cohort.patients["last_day"].astype(int), window[1])
    margin = (last - first) * 0.03
    strength.set_xticks([])
    round_ticks(dose.xaxis, 4)
    for axes in (strength, dose):
        axes.set_xlim(first - margin, last + margin)
        axes.axvspan(*window, color=SHADE, linewidth=0, zorder=0)


def _window(cohort: Cohort) -> tuple[int, int]:
    """The first and the last day of the follow-up window."""
    rules = cohort.rules
    half = rules.follow_up_window_days
    return rules.follow_up_day - half, rules.follow_up_day + half


def _draw_strength(axes: Axes, cohort: Cohort, one: Person, records: Records) -> None:
    """The scores of one patient, baseline and follow-up large, and the cycles as ticks."""
    look = one.look
    days, scores = records.strength(one)
    axes.plot(
        days, scores, look.marker, linestyle="solid", linewidth=1.0, color=look.colour,
        markersize=2.6 * look.size, label=one.label,
    )  # fmt: skip
    row = cohort.patients.iloc[one.number - 1]
    moments = ("baseline", "follow_up")
    axes.plot(
        [row[f"{moment}_day"] for moment in moments],
        [row[f"mrc_sum_score_{moment}"] for moment in moments],
        look.marker, linestyle="none", color=look.colour, markersize=6 * look.size,
        markeredgecolor="white",
    )  # fmt: skip
    if not np.isfinite(scores).any():
        axes.text(0.5, 0.5, "no strength score", ha="center", color=GREY, fontsize=SMALL_PT,
                  transform=axes.transAxes)  # fmt: skip
    (starts,) = records.cycles[one.number]
    bottom = axes.get_xaxis_transform()
    axes.vlines(starts, 0, 0.06, transform=bottom, color=INK, linewidth=0.8)


def _draw_dose(axes: Axes, one: Person, records: Records) -> None:
    days, doses = records.dose(one)
    axes.fill_between(days, doses, color=one.look.colour, alpha=0.25, linewidth=0)
    axes.plot(days, doses, color=one.look.colour, linewidth=1.0, label=one.label)


def _key(cohort: Cohort) -> list[Line2D | Patch]:
    first, last = _window(cohort)
    large = "Large marker: baseline, follow-up"
    return [
        Patch(color=SHADE, label=f"Follow-up window, day {first} to {last}"),
        sign("|", "Start of a cycle", markersize=6),
        sign("o", large, markerfacecolor=GREY, markeredgecolor="white"),
    ]
