"""A few mutated packages from end to end, and faults seeded in what the proof looks at.

`make mutate` tries two hundred packages; here stands what shows that it would notice. Faults that
other tests seed are not repeated: in the words of a document (tests/press/test_source.py), in
finished files (tests/press/test_finished.py).
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from press.config import read_project
from press.source import check_project
from tests.mutate import (
    DOCUMENTS,
    FORMATS,
    QUICK,
    ROOT,
    Package,
    Row,
    attempt,
    compare,
    press,
    render,
)
from tests.mutate import read as read_outputs
from tests.mutations import Mutation, mutations
from tests.oracle import Truth, is_lost
from tests.press.test_finished import edit_tree
from tests.sentences import judge
from tests.test_house import imported_packages

MUTATIONS = {mutation.name: mutation for mutation in mutations(6, 0)}
QUICKLY = ("patient 1 alone", "a serious event of grade 3")
STRENGTH = "claim.strength.change"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The shipped package as it is, in four formats."""
    folder = tmp_path_factory.mktemp("shipped")
    Mutation("as it is", lambda tables: None).write(ROOT / "data", folder / "data")
    shown = render(folder / "data", folder / "output", tuple(FORMATS))
    assert shown.faults == ()
    return Package("6", folder / "data", 6, shown)


@pytest.fixture(scope="module")
def reversed_folder(shipped: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Package and four outputs with the effect reversed, which hold."""
    folder = tmp_path_factory.mktemp("reversed")
    row = attempt(shipped, MUTATIONS["effect reversed"], folder)
    assert row.faults == []
    assert row.values == dict.fromkeys(FORMATS, row.shown)
    assert row.shown > 50
    assert row.claims > 10
    return folder


def test_a_reversed_effect_is_followed_in_every_format(reversed_folder: Path) -> None:
    """The four files are there, and the abstract says that strength fell."""
    claims = read_outputs(reversed_folder / "output", QUICK).claims
    assert "fell from baseline" in claims[STRENGTH][0]


@pytest.mark.parametrize("name", [QUICKLY[0], pytest.param(QUICKLY[1], marks=pytest.mark.proof)])
def test_mutated_data_give_their_own_numbers_and_sentences(
    name: str, shipped: Package, tmp_path: Path
) -> None:
    """Values differ exactly where their receipts do, and no claim contradicts the tables."""
    row = attempt(shipped, replace(MUTATIONS[name], in_full=False), tmp_path)
    assert row.faults == []
    assert row.shown > 5
    assert row.sentences > 20


# Seeded faults: each has to be noticed. ---------------------------------------------------------


def copied(folder: Path, target: Path) -> Path:
    """A copy of outputs, to be spoilt."""
    return Path(shutil.copytree(folder / "output", target / "output"))


def test_a_value_that_did_not_follow_is_named(
    shipped: Package, reversed_folder: Path, tmp_path: Path
) -> None:
    """One number of the unchanged data in the page of the mutated ones."""
    output = copied(reversed_folder, tmp_path)
    page = output / "manuscript.html"
    key, old = "strength.change.mean", shipped.read.receipts["strength.change.mean"]
    spoilt, count = re.subn(
        rf'(data-key="{key}"[^>]*>)[^<]*<', rf"\g<1>{old}<", page.read_text(encoding="utf-8")
    )
    assert count > 2
    page.write_text(spoilt, encoding="utf-8")
    row = Row("spoilt")
    compare(shipped.read, read_outputs(output, QUICK), row)
    assert f"html: {key} did not follow its receipt" in row.faults


def test_two_swapped_numbers_of_one_format_are_named(reversed_folder: Path, tmp_path: Path) -> None:
    """Both are right elsewhere in the JATS; the page says which stands where."""
    output = copied(reversed_folder, tmp_path)
    receipts = read_outputs(output, QUICK).receipts
    low, high = (receipts[f"strength.change.ci_{end}"] for end in ("low", "high"))

    def swap(texts: list[str]) -> None:
        first = next(i for i, text in enumerate(texts) if text == low)
        second = texts.index(high, first)
        texts[first], texts[second] = high, low

    edit_tree(output / "manuscript.xml", output / "manuscript.xml", swap)
    faults = read_outputs(output, QUICK).faults
    assert {fault.split(" shows ")[0] for fault in faults} == {
        "jats: strength.change.ci_low",
        "jats: strength.change.ci_high",
    }


def test_a_number_added_to_one_format_is_named(
    shipped: Package, reversed_folder: Path, tmp_path: Path
) -> None:
    """A numeral that is no value is the same in every render."""
    output = copied(reversed_folder, tmp_path)

    def add(texts: list[str]) -> None:
        place = next(i for i, text in enumerate(texts) if "Few patients with" in text)
        texts[place] = texts[place].replace("Few patients", "Few (6) patients")

    edit_tree(output / "manuscript.xml", output / "manuscript.xml", add)
    row = Row("spoilt")
    compare(shipped.read, read_outputs(output, QUICK), row)
    assert row.faults == ["jats: a number that is no value differs"]


def test_a_stale_results_file_is_caught(
    shipped: Package, reversed_folder: Path, tmp_path: Path
) -> None:
    """The receipts of other data beside the outputs: `press check` and the proof both say so."""
    output = copied(reversed_folder, tmp_path)
    stale_file = shipped.data.parent / "output" / "results.json"
    shutil.copy(stale_file, output / "results.json")
    done = press("check", "--data", reversed_folder / "data", "--output", output)
    assert done.returncode == 1
    assert "the receipt strength.change.mean is " in done.stdout
    assert any(
        "html: strength.change.mean" in fault for fault in read_outputs(output, QUICK).faults
    )


def test_sentences_of_other_data_are_refused(shipped: Package, reversed_folder: Path) -> None:
    """What is true of the shipped patients is false of those with the effect reversed."""
    truth = Truth(reversed_folder / "data")
    for key in (STRENGTH, "claim.strength.all", "claim.ck.change", "claim.prednisone.change",
                "claim.summary.strength", "claim.summary.ck", "claim.loss.all"):  # fmt: skip
        for sentence in shipped.read.claims[key]:
            assert judge(sentence, Truth(shipped.data)).faults == []
            assert judge(sentence, truth).faults, sentence


def copied_project(target: Path) -> Path:
    """A copy of what a render reads, to be spoilt."""
    for name in ("analysis", "journal"):
        shutil.copytree(ROOT / name, target / name)
    for name in (*DOCUMENTS, "_quarto.yml", "references.bib", "claims.yml", "declarations.yml"):
        shutil.copy(ROOT / name, target)
    return target


def test_a_numeral_typed_into_the_article_is_caught(tmp_path: Path) -> None:
    """`press check` names file, line, column and sentence."""
    file = copied_project(tmp_path) / "manuscript.qmd"
    text, typed = file.read_text(encoding="utf-8"), "Whether 6 patients were enrolled"
    file.write_text(text.replace("Whether patients were enrolled", typed), encoding="utf-8")
    (fault,) = check_project(read_project(tmp_path))
    line = next(
        i for i, words in enumerate(text.split("\n"), 1) if "Whether patients were" in words
    )
    assert str(fault) == (
        f'manuscript.qmd:{line}:9: "6" is neither computed nor declared: '
        "Whether 6 patients were enrolled consecutively is not recorded."
    )


def test_a_state_that_nobody_approved_stops_the_render(
    reversed_folder: Path, tmp_path: Path
) -> None:
    """Without a wording for a fall of strength the reversed data give no article."""
    file = copied_project(tmp_path) / "claims.yml"
    claims = file.read_text(encoding="utf-8")
    wording = (
        r"(?ms)(^strength\.change:.*?)^    contrary: >-\n(?:      .*?\n)+?(?=    not_estimable)"
    )
    file.write_text(re.sub(wording, r"\1", claims), encoding="utf-8")
    command = [sys.executable, "-m", "press.cli", "render", "--to", "jats"]
    done = subprocess.run(
        [*command, "--data", reversed_folder / "data", "--output", tmp_path / "output"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 2
    assert 'the claim "strength.change"' in done.stderr
    assert 'no approved wording for the state "contrary"' in done.stderr
    assert not (tmp_path / "output").exists()


# The judge and the mutations --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["oracle", "sentences"])
def test_the_judge_is_independent(name: str) -> None:
    """It imports neither the analysis nor the engine."""
    source = (ROOT / "tests" / f"{name}.py").read_text(encoding="utf-8")
    assert not imported_packages(source) & {"analysis", "press"}


@pytest.mark.parametrize(
    ("scores", "cycle", "expected"),
    [
        ({1: 40, 2: 50, 3: 46, 4: 45}, 3, True),  # 4 and 5 points below 50
        ({1: 40, 2: 50, 3: 47, 4: 45}, 3, False),  # 3 points are too few
        ({1: 40, 2: 50, 3: 46, 4: 47}, 3, False),  # not confirmed
        ({1: 20, 2: 50, 3: 45, 4: 45}, 3, False),  # 5 points are less than a fifth of 30
        ({1: 20, 2: 50, 3: 44, 4: 44}, 3, True),  # 6 points are a fifth of 30
        ({1: 20, 2: 20, 3: 10, 4: 10}, 3, False),  # without a gain there is nothing to lose
    ],
)
def test_the_judge_knows_a_loss(scores: dict[int, float], cycle: int, expected: bool) -> None:
    """By the definition of the Methods, worked out by hand for a baseline of the first cycle."""
    assert is_lost(scores, scores[1], cycle) is expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Muscle strength improved.",
        "Treatment was well tolerated.",
        "The MRC sum score rose in 6 patients.",
        "CK rose over the same time.",
        "The score was higher at follow-up in 5 of 6 patients.",
        "The recorded adverse events were mild or moderate: the highest grade was 1.",
    ],
)
def test_the_judge_refuses_what_is_false_or_cannot_be_judged(sentence: str) -> None:
    """Of the shipped patients; a word or numeral that no statement covers is a fault, too."""
    assert judge(sentence, Truth(ROOT / "data")).faults


def test_every_column_is_changed_once() -> None:
    """No column of the raw tables is left out."""
    named = {mutation.name.split(" ")[0].rstrip(":") for mutation in mutations(6, 0)}
    for table in ("patients", "visits", "cycles", "adverse_events"):
        header = (ROOT / "data" / f"{table}.csv").read_text(encoding="utf-8").split("\n")[0]
        own = {f"{table}.{column}" for column in header.split(",")}
        # An id changes in all tables at once or, for an event, in one.
        assert own - named <= {f"{table}.patient_id"}, table


def test_mutations_change_what_they_say(tmp_path: Path) -> None:
    """Each gives other tables than those it was given, and the same ones each time."""
    source = {path.name: path.read_bytes() for path in (ROOT / "data").glob("*.csv")}
    for number, mutation in enumerate(mutations(6, 2)):
        made = []
        for turn in ("a", "b"):
            mutation.write(ROOT / "data", tmp_path / f"{number}{turn}")
            paths = (tmp_path / f"{number}{turn}").glob("*.csv")
            made.append({path.name: path.read_bytes() for path in paths})
        assert made[0] == made[1], mutation.name
        assert made[0] != source, mutation.name
