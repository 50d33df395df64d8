"""Receipts in; the block of HTML that tells where numbers come from, and what the filter keeps."""

from __future__ import annotations

import importlib
import json
import math
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import FrameType
from typing import Any

import pandas as pd
import pypandoc
import pytest
from lxml import html

from analysis.cohort import build_cohort
from analysis.markdown import Markdown
from analysis.provenance import data_cut, label, provenance, record
from analysis.receipts import Receipt
from analysis.reported import report
from analysis.results import compute
from analysis.simulate import write_package
from analysis.study import Study
from analysis.validate import read_study

ROOT = Path(__file__).resolve().parents[2]
JOURNAL = ROOT / "journal"


# What is told


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The six simulated patients."""
    folder = tmp_path_factory.mktemp("data")
    write_package(folder)
    return read_study(folder)


def receipts_of(study: Study) -> dict[str, Receipt]:
    """The receipts of a study, claims and witness apart."""
    return dict(report(compute(build_cohort(study))))


def records(block: Markdown) -> dict[str, dict[str, Any]]:
    """The records in a block, by id."""
    lines = json.loads(str(block).split(">", 1)[1].rsplit("</script>", 1)[0])
    return {line["id"]: line for line in lines[1:]}


def a_receipt(id: str, value: float | str | None, text: str, **changes: Any) -> Receipt:
    """A receipt of six patients, with `changes`."""
    return replace(Receipt(id, value, text, "points", 6, 0, "a method", "a.function"), **changes)


def test_every_receipt_names_a_function_of_the_analysis(study: Study) -> None:
    """The dotted name of each receipt's function leads Python to something callable."""
    for receipt in receipts_of(study).values():
        assert callable(found(receipt.function)), receipt


def found(dotted: str) -> Any:
    """What a dotted name leads to."""
    names = dotted.split(".")
    assert names[0] == "analysis", dotted
    thing: Any = importlib.import_module(".".join(names[:2]))
    for name in names[2:]:
        thing = getattr(thing, name)
    return thing


@contextmanager
def watched(functions: set[Any]) -> Iterator[dict[str, set[float]]]:
    """The numbers that each of the functions returns within, by the function's dotted name."""
    names = {each.__code__: f"{each.__module__}.{each.__qualname__}" for each in functions}
    returned: dict[str, set[float]] = {}

    def note(frame: FrameType, event: str, value: Any) -> None:
        if event == "return" and frame.f_code in names:
            returned.setdefault(names[frame.f_code], set()).update(numbers_in(value))

    sys.setprofile(note)
    try:
        yield returned
    finally:
        sys.setprofile(None)


def numbers_in(value: Any) -> Iterator[float]:
    """Every number in a result of nested dataclasses, containers and tables."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, pd.DataFrame):
        for column in value.select_dtypes("number"):
            yield from map(float, value[column].dropna())
    elif is_dataclass(value):
        for field in fields(value):
            yield from numbers_in(getattr(value, field.name))
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from numbers_in(each)


BEFORE = {"analysis.cohort.Rules", "analysis.validate.read_study", "analysis.reported.report"}
"""What ran before, is no function or is still at work when the receipts are there."""


def is_decided(receipt: Receipt) -> bool:
    """Whether the receipt is a rule's, or holds no more than is printed."""
    return receipt.id.startswith("rules.") or "as printed" in receipt.method


def scaled(numbers: set[float]) -> Iterator[float]:
    """Numbers as they are, as percentages and, made on logarithms, as ratios."""
    for x in numbers:
        yield from (x, 100 * x)
        if abs(x) < 50:
            yield math.exp(x)


def test_the_function_named_returned_the_number(study: Study) -> None:
    """Each estimate is among the numbers that its function returned while it was computed."""
    functions = {found(receipt.function) for receipt in receipts_of(study).values()}
    with watched({each for each in functions if hasattr(each, "__code__")}) as returned:
        receipts = receipts_of(study).values()
    checked = 0
    for receipt in receipts:
        value, function = receipt.value, receipt.function
        assert function in {*returned, *BEFORE}, receipt
        if not isinstance(value, float) or not returned.get(function) or is_decided(receipt):
            continue
        ours = scaled(returned[function])
        assert any(math.isclose(value, x, rel_tol=1e-12) for x in ours), receipt
        checked += 1
    assert checked > 250


@pytest.mark.parametrize(
    ("id", "unit", "expected"),
    [
        ("strength.change.mean", "points", "MRC sum score, change: mean"),
        (
            "ck.ratio.mean",
            "ratio",
            "Creatine kinase, ratio of follow-up to baseline: geometric mean",
        ),
        ("safety.term.2.patients.n", "patients", "Adverse events, term 2, patients: "),
        ("patient.3.age_band", "1", "Patient 3: age band"),
    ],
)
def test_labels_read_as_words(id: str, unit: str, expected: str) -> None:
    """A label is made of words, from the receipt's id and unit."""
    assert label(a_receipt(id, 1.0, "1", unit=unit)).startswith(expected)


def test_no_label_shows_an_identifier(study: Study) -> None:
    """No label holds a name as programs write it."""
    for receipt in receipts_of(study).values():
        assert re.fullmatch(r"[A-Z][\w ,:.()-]*", label(receipt)), receipt.id
        assert "_" not in label(receipt)


def test_the_data_cut_says_that_data_are_simulated(study: Study) -> None:
    """The version comes with what sets the data apart from the observed, recorded cut."""
    assert data_cut(study) == f"{study.version}, simulated"
    observed = replace(study, provenance="observed")
    assert data_cut(observed) == study.version
    assert data_cut(replace(observed, is_recorded=False)).endswith(", not the recorded cut")


def test_nothing_in_a_record_ends_the_element() -> None:
    """Text that looks like the end of the element, of the block or like a tag stays text."""
    hostile = "</script><!-- ``` & <b>\n\u2028"
    block = provenance({"a.b": a_receipt("a.b", 1.0, "1", method=hostile)}, a_study())
    assert records(block)["a.b"]["method"] == hostile
    assert str(block).count("<") == 2
    assert str(block).count("```") == 2


def a_study() -> Study:
    """A study of which only version and provenance are asked."""
    empty = {field.name: None for field in fields(Study)}
    known = {"version": "1.0.0", "provenance": "observed", "is_recorded": True}
    return Study(**(empty | known))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("id", "value", "text", "changes", "told"),
    [
        ("strength.change.mean", -8.125, "−8.1", {}, "−8.125"),
        ("strength.change.mean", -8.125, "−8.1", {"n": 4}, None),
        ("strength.without_ibm.mean", -8.125, "−8.1", {}, None),
        ("ck.multiple.before.maximum", 6.0733, "6.1", {}, None),
        ("ck.multiple.before.maximum", 6.0, "6.0", {}, "6"),
        ("patient.1.ck_multiple.baseline", 6.0733, "6.1", {"n": 1}, None),
        ("patient.1.strength.baseline", 43.0, "43", {"n": 1}, "43"),
        ("strength.change.mean", None, "not estimable", {"n": 0}, "not estimable"),
        ("loss.lost.percent", 100 / 3, "33%", {"n": 3, "unit": "%"}, "33.3333333333"),
    ],
)
def test_digits_of_single_patients_are_those_printed(
    id: str, value: float | None, text: str, changes: dict[str, Any], told: str | None
) -> None:
    """All digits come with a group's number; with what may be one patient's, those printed."""
    assert record(a_receipt(id, value, text, **changes)).get("value") == told


@pytest.mark.parametrize("n_patients", [1, 2, 5, 6, 40])
def test_no_single_patient_can_be_read_or_worked_out(n_patients: int, tmp_path: Path) -> None:
    """No number told beyond its print is a patient's own, nor are differences of two totals."""
    write_package(tmp_path, n_patients=n_patients, seed=n_patients)
    cohort = build_cohort(read_study(tmp_path))
    own = own_values(cohort.patients)
    told = records(provenance(report(compute(cohort)), cohort.study))
    unprinted = [each for each in told.values() if "value" in each and not is_printed(each)]
    for each in unprinted:
        number = float(each["value"].replace("−", "-"))
        is_share = each.get("unit") == "%"
        assert is_share or not any(math.isclose(number, x, rel_tol=1e-9) for x in own), each
    means = [each for each in unprinted if re.search(r"\.(before|after)\.mean$", each["id"])]
    by_outcome = {each["id"].split(".mean")[0].rsplit(".", 1)[0] for each in means}
    for outcome in by_outcome:  # two totals of the same outcome are of the same patients
        ns = {each["n"] for each in means if each["id"].startswith(f"{outcome}.")}
        assert len(ns) == 1, outcome


def own_values(patients: pd.DataFrame) -> list[float]:
    """What can be computed of one patient alone and is no whole number of anything."""
    limit = patients["ck_upper_limit_u_l"].astype(float)
    columns = [patients[f"ck_u_l_{moment}"] / limit for moment in ("baseline", "follow_up")]
    for measure in ("mrc_sum_score", "ck_u_l", "ldh_u_l", "prednisone_mg_day"):
        before, after = patients[f"{measure}_baseline"], patients[f"{measure}_follow_up"]
        columns += [after / before, after - before, before, after]
    values = pd.concat([column.astype(float) for column in columns]).dropna()
    return [float(value) for value in values if value % 0.5]


def is_printed(told: dict[str, Any]) -> bool:
    """Whether the text shows the same value."""
    number = str(told["value"]).replace("−", "-")
    text = str(told["text"]).replace("−", "-").rstrip("%")
    try:
        return Decimal(number) == Decimal(text)
    except InvalidOperation:
        return number == text


# What the filter and the template make of it


def run_pandoc(text: str, *arguments: str) -> str:
    """What pandoc prints, in the repository's root."""
    command = [pypandoc.get_pandoc_path(), "--from=markdown", "--wrap=none", *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=text, capture_output=True, check=True, encoding="utf-8"
    ).stdout


FILTER = "--lua-filter=journal/article.lua"
SMALL = (
    "---\ntitle: T\n---\n\n::: cell\n"
    + str(provenance({id: a_receipt(id, 1.5, "1.5") for id in ("a.b", "c.d", "e.f")}, a_study()))
    + ":::\n\nUp [1.5]{.value key=a.b}.\n\n"
    + "::: {#fig-x}\n![](x.svg)\n\n::: alt\n[1.5]{.value key=e.f}\n:::\n\nCaption.\n:::\n"
)


@pytest.mark.parametrize("to", ["html", "jats", "typst"])
def test_a_literal_is_its_words(to: str) -> None:
    """A declared literal leaves words without a span or a reason in every format."""
    text = 'The [*six* or [so]{.x}]{.literal reason="as it happens"} movements'
    written = run_pandoc(text, FILTER, "-t", to)
    assert (
        re.sub(r"<[^>]*>|#emph|[\[\]*]", "", written).split() == "The six or so movements".split()
    )
    assert not re.search("literal|reason|happens", written)


def test_a_claim_keeps_its_key_and_its_numbers() -> None:
    """A claim's sentence is a span with its id, around the numbers' own spans."""
    claim = '[Up by [5]{.value key="a.b"}.]{.claim key="claim.x"}'
    assert run_pandoc(claim, FILTER, "-t", "html") == (
        '<p><span class="claim" data-key="claim.x">Up by <span class="value" data-key="a.b">5'
        "</span>.</span></p>\n"
    )


@pytest.mark.parametrize("to", ["html", "jats", "typst", "native"])
def test_receipts_leave_the_body(to: str) -> None:
    """The block is gone from the body, its cell too; no format but HTML hears of it."""
    body = run_pandoc(SMALL, FILTER, "-t", to)
    assert "a.function" not in body
    whole = run_pandoc(SMALL, FILTER, "-t", to, "--standalone") if to != "html" else ""
    assert "a.function" not in whole


def page_of(text: str, *arguments: str) -> html.HtmlElement:
    """The web page through the journal's template, parsed."""
    template = "--template=journal/article.html"
    return html.fromstring(run_pandoc(text, FILTER, "-t", "html", template, *arguments))


def test_the_page_holds_the_receipts_of_its_numbers_alone() -> None:
    """Receipts that no number of the page names are left out, those of alternative texts too."""
    page = page_of(SMALL)
    (block,) = page.xpath("//script[@id='receipts']")
    header, *lines = json.loads(block.text)
    assert header == {"data": "1.0.0"}
    assert [line["id"] for line in lines] == ["a.b"]


def test_a_page_without_receipts_has_no_script_for_them() -> None:
    """Without the chunk the page has neither the script nor the style sheet of provenance."""
    page = page_of("Up [1.5]{.value key=a.b}.", "--metadata=title:T")
    names = page.xpath("//script/@src | //link/@href")
    assert names == ["journal/reading.css", "journal/reading.js"]


def test_script_and_receipts_survive_quarto_s_second_pass() -> None:
    """Quarto embeds by feeding the finished page to pandoc as raw HTML: all is still there.

    References: Quarto 1.10, src/core/pandoc/self-contained.ts.
    """
    once = run_pandoc(SMALL, FILTER, "-t", "html", "--template=journal/article.html")
    fence = "`" * 8
    page = run_pandoc(f"{fence}{{=html}}\n{once}\n{fence}\n", "-t", "html", "--embed-resources")
    script, block, last = html.fromstring(page).xpath("//script")
    assert script.text == (JOURNAL / "provenance.js").read_text(encoding="utf-8")
    assert last.text == (JOURNAL / "reading.js").read_text(encoding="utf-8")
    assert json.loads(block.text)[1]["id"] == "a.b"
    assert "#provenance[hidden]" in page


def test_script_and_style_are_small() -> None:
    """Script and style sheet together stay under 20 KB."""
    assert sum((JOURNAL / f"provenance.{end}").stat().st_size for end in ("js", "css")) < 20_000
