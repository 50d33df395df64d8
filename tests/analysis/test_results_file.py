"""results.json: the committed receipt is that of the data package beside it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from analysis.article import SHIPPED_DATA, Article
from analysis.cohort import build_cohort
from analysis.results import compute
from analysis.validate import read_study

COMMITTED = SHIPPED_DATA.parent / "results.json"


def article_of(folder: Path) -> Article:
    """The article of a data package."""
    return Article(compute(build_cohort(read_study(folder))))


def parsed(text: str) -> list[dict[str, Any]]:
    """The lines of a results.json."""
    return [json.loads(line) for line in text.splitlines()]


def test_committed_results_are_fresh() -> None:
    """Every text is exactly, and every value to 1e-9, what data/ gives now."""
    fresh, committed = parsed(article_of(SHIPPED_DATA).results_json), parsed(COMMITTED.read_text())
    assert fresh[0] == committed[0], "results.json is stale: run make"
    assert [line["id"] for line in fresh[1:]] == [line["id"] for line in committed[1:]]
    for now, then in zip(fresh[1:], committed[1:], strict=True):
        value, kept = now.pop("value"), then.pop("value")
        assert now == then, "results.json is stale: run make"
        if isinstance(value, float):
            value, kept = pytest.approx(value, rel=1e-9, abs=1e-12), kept
        assert kept == value, f"results.json is stale at {now['id']}: run make"


def test_form() -> None:
    """A header, then a line a receipt, sorted by id, each with the seven fields."""
    header, *receipts = parsed(article_of(SHIPPED_DATA).results_json)
    assert set(header) == {"schema_version", "data_version", "data_hash"}
    ids = [receipt["id"] for receipt in receipts]
    assert ids == sorted(set(ids))
    fields = ["id", "value", "text", "unit", "n", "n_missing", "method"]
    for receipt in receipts:
        assert list(receipt) == fields
        assert re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", receipt["id"])
        assert receipt["text"].strip() == receipt["text"] != ""
        if receipt["value"] is None:
            assert receipt["text"] in (
                "not estimable",
                "not applicable",
                "missing",
                "none",
                "withheld",
            )
