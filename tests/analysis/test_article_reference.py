"""Every receipt of the shipped cohort against the second route through it, in R."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from analysis.article import Article
from analysis.cohort import build_cohort
from analysis.results import compute
from analysis.simulate import write_package
from analysis.validate import read_study
from tests.recompute import (
    REFERENCE,
    ROOT,
    SCRIPT,
    Expected,
    Reference,
    checksums,
    compare,
    read_header,
    read_receipts,
    read_reference,
    summary,
    table,
)

Receipts = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cohort that R read, whatever lies in `data/`: the simulator's own six patients."""
    folder = tmp_path_factory.mktemp("reference")
    write_package(folder)
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    shown = ["age_band", "sex", "diagnosis"]
    descriptor["privacy"] = {"patient_characteristics": shown, "age_band_years": 10}
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def results(package: Path) -> Path:
    """The results.json of that cohort."""
    path = package / "results.json"
    article = Article(compute(build_cohort(read_study(package))))
    path.write_text(article.results_json, encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="module")
def reference() -> Reference:
    """What R wrote."""
    return read_reference(REFERENCE)


def problems(receipts: Receipts, reference: Reference) -> list[str]:
    """Every disagreement, with its id."""
    return [f"{one.id}: {one.problem}" for one in compare(receipts, reference) if one.problem]


def receipt(value: float | str | None, n: int = 6) -> dict[str, Any]:
    """A receipt with what is compared of it."""
    return {"value": value, "n": n}


def test_r_read_this_cohort(package: Path, reference: Reference) -> None:
    """The values in article.csv are those of the cohort that the simulator writes."""
    assert checksums(package) == reference.checksums


def test_every_receipt_has_its_value_in_r(results: Path, reference: Reference) -> None:
    """Each receipt equals R's value and n, or its id is exempt; R has no value beyond them."""
    assert problems(read_receipts(results), reference) == []


def test_every_committed_receipt_has_its_value_in_r(results: Path, reference: Reference) -> None:
    """So has each of the committed results.json, as long as it is of this cohort."""
    committed = ROOT / "results.json"
    if read_header(committed)["data_hash"] != read_header(results)["data_hash"]:
        pytest.skip("results.json is of other data; `make recompute` compares them")
    assert problems(read_receipts(committed), reference) == []


def test_each_exemption_is_needed_and_has_a_reason(results: Path, reference: Reference) -> None:
    """Every pattern exempts a receipt, R gives no value for one, and most receipts have none."""
    receipts = read_receipts(results)
    by_pattern = {id: reference.pattern(id) for id in receipts}
    assert {pattern for pattern in by_pattern.values() if pattern} == set(reference.exempt)
    assert all(reference.exempt.values())
    assert not [id for id in reference.values if reference.pattern(id)]
    assert sum(pattern is not None for pattern in by_pattern.values()) < len(receipts) / 10


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_still_writes_these_values(package: Path, reference: Reference, tmp_path: Path) -> None:
    """article.csv is what article.R writes today, but for the last digits."""
    again = tmp_path / "article.csv"
    subprocess.run(["Rscript", str(SCRIPT), str(package), str(again)], check=True)
    found = read_reference(again)
    assert (found.exempt, found.checksums) == (reference.exempt, reference.checksums)
    values = {id: {"value": one.value, "n": one.n} for id, one in found.values.items()}
    assert problems(values, reference) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "problem"),
    [
        (receipt(2.0), Expected(2.0 + 1e-9), ""),
        (receipt(2.0), Expected(2.0 + 4e-9), "differs"),
        (receipt(0.0), Expected(9e-13), ""),
        (receipt(0.0), Expected(2e-12), "differs"),
        (receipt(5.0), Expected(5.2, tolerance=0.25), ""),
        (receipt(5.0), Expected(5.3, tolerance=0.25), "differs"),
        (receipt("female"), Expected("female"), ""),
        (receipt("female"), Expected("male"), "differs"),
        (receipt(None), Expected(None), ""),
        (receipt(None), Expected(0.0), "differs"),
        (receipt(0.0), Expected(None), "differs"),
        (receipt("1"), Expected(1.0), "differs"),
        (receipt(1.0, n=5), Expected(1.0, n=6), "n is 5, R's 6"),
        (receipt(1.0, n=5), Expected(1.0), ""),
        (receipt(1.0), None, "no second route"),
        (None, Expected(1.0), "not among the receipts"),
    ],
)
def test_a_disagreement_is_seen(
    ours: dict[str, Any] | None, theirs: Expected | None, problem: str
) -> None:
    """Values too far apart, another n and a receipt that only one side has are all named."""
    receipts = {} if ours is None else {"a.b": ours}
    values = {} if theirs is None else {"a.b": theirs}
    (found,) = compare(receipts, Reference(values, {}, ""))
    assert found.problem == problem


def test_an_exempt_receipt_is_not_compared() -> None:
    """A pattern exempts the ids that it matches, and no others."""
    reference = Reference({}, {"rules.*": "decided"}, "")
    receipts = {"rules.a": receipt(1), "rules": receipt(1), "my.rules.a": receipt(1)}
    assert [one.id for one in compare(receipts, reference)] == ["my.rules.a", "rules"]


def test_the_table_names_what_differs_and_how_far() -> None:
    """A line a receipt with both values and their difference; then the largest and the wrong."""
    reference = Reference({"a": Expected(2.0), "b": Expected(4.0)}, {"rules.*": "decided"}, "")
    receipts = {"a": receipt(2.0), "b": receipt(5.0), "rules.a": receipt(1.0)}
    compared = compare(receipts, reference)
    lines = [line.split() for line in table(compared)]
    assert lines[1:] == [
        ["a", "2", "2", "0.0e+00", "0.0e+00"],
        ["b", "5", "4", "1.0e+00", "2.0e-01", "differs"],
    ]
    said = "\n".join(summary(compared, receipts, reference))
    assert "2 values compared, 1 receipts exempt" in said
    assert "1 rules.*: decided" in said
    assert "Largest relative difference, computed: 2.0e-01 (b)" in said
    assert said.endswith("Disagreements: 1\n  b: differs; ours 5, R 4")
