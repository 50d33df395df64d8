"""A cohort in, what its figures share out: who is drawn how, limits, labels, lines and keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from analysis.cohort import Cohort
from analysis.style import (
    COMMON_LOOK,
    DIAGNOSIS_LOOKS,
    HAIRLINE,
    INK,
    LOSS_MARKER,
    MARKER_PT,
    PATIENT_LOOKS,
    Look,
    Sheet,
    in_style,
)

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Lines = Mapping[int, tuple[Floats, ...]]  # x and y by the patient's number

NAMED_PATIENTS = len(PATIENT_LOOKS)  # up to here a look and a label a patient, then a diagnosis
LEFT_IN = 0.62  # room for the labels of the leftmost axes
GAP_IN = 0.16  # between panels side by side
STRENGTH_LABEL = "MRC sum score (points, 0–60)"
STRENGTH_MAXIMUM = 60
LOSS_EDGE: dict[str, Any] = {"markeredgecolor": INK, "markeredgewidth": 0.8}
DAYS_LABEL = "Days since the first infusion"


@dataclass(frozen=True)
class Person:
    """A patient as drawn: `label` has the diagnosis only where it may be shown."""

    number: int
    label: str
    look: Look


@dataclass(frozen=True)
class Group:
    """The patients drawn alike in a large cohort: those of one diagnosis, or all."""

    label: str
    look: Look
    people: tuple[Person, ...]


def shows_diagnosis(cohort: Cohort) -> bool:
    """Whether a patient's diagnosis may appear."""
    return "diagnosis" in cohort.study.privacy.patient_characteristics


def is_named(cohort: Cohort) -> bool:
    """Whether the patients are few enough for a look and a label each."""
    return len(cohort.patients) <= NAMED_PATIENTS


def people(cohort: Cohort) -> list[Person]:
    """Every patient by number."""
    shown = shows_diagnosis(cohort)
    drawn = []
    for number, diagnosis in zip(
        cohort.patients["patient"], cohort.patients["diagnosis"], strict=True
    ):
        look = DIAGNOSIS_LOOKS.get(diagnosis, COMMON_LOOK) if shown else COMMON_LOOK
        if is_named(cohort):
            look = PATIENT_LOOKS[int(number) - 1]
        drawn.append(Person(int(number), f"{number} ({diagnosis})" if shown else f"{number}", look))
    return drawn


def groups(cohort: Cohort) -> list[Group]:
    """The patients by diagnosis in the order PM, DM, IBM, or in one group where it is withheld."""
    everyone = people(cohort)
    if not shows_diagnosis(cohort):
        return [Group("All patients", COMMON_LOOK, tuple(everyone))]
    diagnoses = [str(diagnosis) for diagnosis in cohort.patients["diagnosis"]]
    order = [*DIAGNOSIS_LOOKS, *sorted(set(diagnoses) - set(DIAGNOSIS_LOOKS))]
    return [
        Group(
            name,
            DIAGNOSIS_LOOKS.get(name, COMMON_LOOK),
            tuple(one for one, own in zip(everyone, diagnoses, strict=True) if own == name),
        )
        for name in order
        if name in diagnoses
    ]


def sheet(cohort: Cohort, height_in: float, header: str = "") -> Sheet:
    """An empty sheet for a figure of `cohort`; simulated data are named as such."""
    return Sheet(
        height_in, header=header, note="Simulated data" if cohort.study.is_simulated else ""
    )


def empty_figure(cohort: Cohort) -> Sheet:
    """The figure of a cohort without a patient."""
    with in_style():
        figure = sheet(cohort, 1.0)
        axes = figure.panel(0, 0.3, 6.5, 0.6)
        axes.set_axis_off()
        axes.text(0.5, 0.5, "no patient", ha="center", va="center", transform=axes.transAxes)
    return figure


def counted(n: int, noun: str) -> str:
    """A count with its noun: "1 patient", "6 patients"."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def heading(label: str, lines: Sequence[tuple[Floats, ...]]) -> str:
    """The title of a panel of `lines` (x, y): its label and in how many patients y was measured."""
    counts = n_of(sum(bool(np.isfinite(y).any()) for _, y in lines), len(lines))
    return f"{label}, {counts}" if label else counts


def n_of(n: int, n_all: int) -> str:
    """How many patients are shown, and of how many where not all are: "n = 5 of 6"."""
    return f"n = {n}" if n == n_all else f"n = {n} of {n_all}"


def by_patient(table: Any, *columns: str) -> dict[int, tuple[Floats, ...]]:
    """The `columns` of a table with a column `patient`, as float arrays a patient."""
    values = [
        table[column].astype("Float64").to_numpy(float, na_value=np.nan) for column in columns
    ]
    return {
        int(number): tuple(value[rows] for value in values)
        for number, rows in table.groupby("patient").indices.items()
    }


def strength_axis(axes: Axes, values: Floats) -> None:
    """Limits and ticks for strength: to the top of the scale, down to the tens below the lowest."""
    lowest = np.nanmin(values) if np.isfinite(values).any() else 0
    low = min(int(lowest // 10 * 10), STRENGTH_MAXIMUM - 20)
    margin = (STRENGTH_MAXIMUM - low) * 0.03
    axes.set_ylim(low - margin, STRENGTH_MAXIMUM + margin)
    axes.set_yticks(range(low, STRENGTH_MAXIMUM + 1, 10 if low >= 20 else 20))


def round_ticks(axis: Axis, most: int) -> None:
    """At most about `most` ticks at whole, round numbers."""
    axis.set_major_locator(MaxNLocator(most, integer=True, steps=[1, 2, 2.5, 5, 10]))


def draw_line(axes: Axes, one: Person, x: Floats, y: Floats) -> None:
    """The line of a patient among those of others."""
    look = one.look
    axes.plot(
        x, y, look.marker, linestyle=look.dash, color=look.colour, label=one.label,
        markersize=MARKER_PT * look.size, markeredgecolor="white", clip_on=False,
    )  # fmt: skip


def thin_lines(axes: Axes, lines: Sequence[tuple[Floats, ...]], look: Look, *, label: str) -> None:
    """A thin translucent line for each pair of x and y with a value; a lone value is a dot."""
    drawn = [(x, y) for x, y in lines if np.isfinite(y).any()]
    if not drawn:
        return
    alpha = float(np.clip(2 / np.sqrt(len(drawn)), 0.06, 0.7))
    segments = [np.column_stack(line) for line in drawn]
    style: dict[str, Any] = {"colors": look.colour, "alpha": alpha, "linewidths": 0.8}
    axes.add_collection(LineCollection(segments, label=label, **style), autolim=False)
    lone = np.concatenate([segment[_is_alone(segment[:, 1])] for segment in segments])
    if len(lone):
        size: dict[str, Any] = {"markersize": 2.2, "markeredgewidth": 0, "alpha": max(alpha, 0.3)}
        axes.plot(*lone.T, look.marker, color=look.colour, **size)


def _is_alone(values: Floats) -> Flags:
    """Which values are there with neither neighbour."""
    there = np.isfinite(np.concatenate([[np.nan], values, [np.nan]]))
    alone: Flags = there[1:-1] & ~there[:-2] & ~there[2:]
    return alone


def mark_losses(
    axes: Axes, some: Sequence[Person], lines: Lines, losses: Mapping[int, int | None]
) -> bool:
    """Mark the cycles at which response was lost, just above the line; whether there are any."""
    size = 6.0 if len(lines) <= 12 else 4.5 if len(lines) <= 100 else 3.0
    above = ScaledTranslation(0, size / 72, axes.figure.dpi_scale_trans)
    colours = {one.look.colour for one in some}
    marked = False
    for colour in sorted(colours):
        own = [one for one in some if one.look.colour == colour]
        points = [
            point
            for one in own
            for point in np.column_stack(lines[one.number])
            if np.rint(point[0]) == losses.get(one.number) and np.isfinite(point[1])
        ]
        if points:
            marked = True
            axes.plot(
                *np.transpose(points), LOSS_MARKER, linestyle="none", markerfacecolor=colour,
                markersize=size, label="Loss of response", transform=axes.transData + above,
                clip_on=False, **LOSS_EDGE,
            )  # fmt: skip
    return marked


def loss_key(label: str = "Loss of response") -> Line2D:
    """The key's entry for a cycle with loss of response."""
    return sign(LOSS_MARKER, label, **LOSS_EDGE, markerfacecolor=HAIRLINE)


def sign(marker: str, label: str, **changes: Any) -> Line2D:
    """An entry of a key: a marker in ink."""
    style: dict[str, Any] = {"color": INK, "linestyle": "none", "markersize": 5.5} | changes
    return Line2D([], [], marker=marker, label=label, **style)


def key(figure: Sheet, entries: Sequence[Any], *, columns: int) -> None:
    """A key at the foot of the sheet."""
    figure.legend(
        handles=list(entries), loc="lower left", ncols=columns,
        bbox_to_anchor=figure.at(0, figure.height_in),
        borderpad=0, borderaxespad=0, handlelength=1.3, handletextpad=0.5, columnspacing=1.6,
    )  # fmt: skip
