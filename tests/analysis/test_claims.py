"""Claims: the state of each by hand, what claims.yml may hold, and sentences true of any cohort.

What a cohort says of strength, CK and adverse events is computed here a second time, by pandas and
scipy alone from the tables.
"""

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.article import Article
from analysis.claimed import CLAIMS_FILE, judge, plain, read_claims
from analysis.claims import PREDICATES, STATES
from analysis.errors import StudyError, WordingError
from analysis.wording import Say
from tests.analysis.cohorts import (
    COHORTS,
    Tables,
    alternating_effect,
    article_of,
    cohort_of,
    reversed_effect,
)

ROOT = CLAIMS_FILE.parent
SPAN = re.compile(r'\[((?:[^\[\]\\]|\\.)*)\]\{\.value key="([^"]*)"\}')
USED = re.compile(r'say\.claim\("([^"]+)"\)')


def claimed(article: Article) -> dict[str, str]:
    """State and sentence of each claim."""
    prefix = "claim."
    return {
        id.removeprefix(prefix): receipt.text
        for id, receipt in article.say.receipts.items()
        if id.startswith(prefix)
    }


def state(article: Article, id: str) -> object:
    """The state of a claim."""
    return article.say.receipts[f"claim.{id}"].value


def pairs_of(tables: Tables, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Baseline and follow-up of the treated patients who have both, from the tables alone."""
    visits = tables["visits"].copy()
    visits["visit_day"] = visits["visit_day"].astype(float)
    visits[measure] = visits[measure].astype("Float64").to_numpy(float, na_value=np.nan)
    visits = visits[visits["patient_id"].isin(tables["cycles"]["patient_id"])]
    base = visits[visits["visit_day"].between(-28, 0)].sort_values("visit_day")
    near = visits[visits["cycle"].notna() & visits["visit_day"].between(138, 228)].copy()
    near["distance"] = (near["visit_day"] - 183).abs()
    near = near.sort_values(["distance", "visit_day"]).groupby("patient_id").head(1)
    joined = pd.concat(
        [
            base.groupby("patient_id").tail(1).set_index("patient_id")[measure],
            near.set_index("patient_id")[measure],
        ],
        axis=1,
    ).dropna()
    return joined.iloc[:, 0].to_numpy(float), joined.iloc[:, 1].to_numpy(float)


def direction_of(differences: np.ndarray) -> str:
    """What a 95% t interval lets one say of a change."""
    if len(differences) < 2 or np.ptp(differences) < 1e-9:
        return "untested"
    low, high = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    return "rose" if low > 0 else "fell" if high < 0 else "did not clearly change"


def said_of(sentence: str) -> str:
    """The direction a sentence states."""
    found = [word for word in ("did not clearly change", "rose", "fell") if word in sentence]
    return found[0] if found else "untested"


@pytest.mark.parametrize("cohort", COHORTS)
def test_sentences_are_true(cohort: str) -> None:
    """Directions, counts and severity in the sentences are those of the tables."""
    tables = COHORTS[cohort]()
    said = claimed(article_of(tables))
    before, after = pairs_of(tables, "mrc_sum_score")
    truth = direction_of(after - before)
    for id in ("strength.change", "summary.strength"):
        assert said_of(said[id]) == truth, said[id]
    count, n = int((after > before).sum()), len(before)
    quantity = f"all {n}" if count == n > 1 else f"none of {n}" if not count and n > 1 else ""
    wanted = quantity or f"{count} of {n}"
    assert n == 0 or f"higher at follow-up in {wanted} patients" in said["strength.all"]
    before, after = pairs_of(tables, "ck_u_l")
    for id in ("ck.change", "summary.ck"):
        assert said_of(said[id]) == direction_of(np.log(after) - np.log(before)), said[id]
    before, after = pairs_of(tables, "prednisone_mg_day")
    for id in ("prednisone.change", "summary.prednisone"):
        assert said_of(said[id]) == direction_of(after - before), said[id]
    events = tables["adverse_events"]
    is_mild = len(events) and events["ctcae_grade"].max() == 1 and not events["serious"].any()
    assert ("were mild:" in said["safety.mild"]) == bool(is_mild)
    assert ("no adverse event recorded" in said["safety.mild"]) == (len(events) == 0)


@pytest.mark.parametrize("cohort", COHORTS)
def test_every_numeral_is_a_receipt(cohort: str) -> None:
    """Outside the spans that name a receipt no sentence has a digit, and spans show the receipt."""
    say = article_of(COHORTS[cohort]()).say
    for id in say.claims:
        sentence = str(say.claim(id))
        body = sentence.rpartition("]{.claim")[0]
        for text, key in SPAN.findall(body):
            assert plain(text) == say.receipts[key].text
        assert not re.search(r"\d", SPAN.sub("", body)), sentence
        assert plain(sentence) == say.receipts[f"claim.{id}"].text
        assert plain(sentence)[0].isupper()
        assert plain(sentence).endswith(".")
        for sign in ("{", "[", "  ", "nan", "None", "all 0", "all 1 "):
            assert sign not in plain(sentence), sentence


def test_states_of_the_default_cohort() -> None:
    """The cohort made to agree with the abstract bears out what the abstract says."""
    article = article_of(cohort_of(6))
    for id in ("strength.change", "strength.all", "ck.change", "loss.all", "safety.mild"):
        assert state(article, id) == "supported", id


def test_states_of_a_reversed_effect() -> None:
    """Where strength falls and CK and prednisone rise, each claim of the opposite is contrary."""
    article = article_of(reversed_effect())
    for id in ("strength.change", "strength.all", "ck.change", "prednisone.change"):
        assert state(article, id) == "contrary", id
    assert "fell" in claimed(article)["strength.change"]


def without_drugs(*rows: int) -> Tables:
    """The default cohort without failed immunosuppressants in some patients."""
    tables = cohort_of(6)
    tables["patients"].loc[list(rows), "failed_immunosuppressants"] = pd.NA
    return tables


def with_drugs(drugs: str) -> Tables:
    """The default cohort with other failed drugs in its first patient."""
    tables = cohort_of(6)
    tables["patients"].loc[0, "failed_immunosuppressants"] = drugs
    return tables


def with_event(column: str, value: object) -> Tables:
    """The default cohort with one cell of its first adverse event changed."""
    tables = cohort_of(6)
    tables["adverse_events"].loc[0, column] = value
    return tables


STATES_BY_HAND: dict[str, tuple[Tables, str, str]] = {
    "a drug failed in five of six": (without_drugs(2), "rescue.all", "weaker"),
    "a drug failed in none": (without_drugs(*range(6)), "rescue.all", "contrary"),
    "prednisolone alone failed in one": (with_drugs("prednisolone"), "rescue.all", "weaker"),
    "and another drug": (with_drugs("Prednisone; azathioprine"), "rescue.all", "supported"),
    "nobody was treated": (cohort_of(0), "rescue.all", "not_estimable"),
    "one event of grade 2": (with_event("ctcae_grade", 2), "safety.mild", "weaker"),
    "one event of grade 3": (with_event("ctcae_grade", 3), "safety.mild", "contrary"),
    "one serious event": (with_event("serious", True), "safety.mild", "contrary"),
    "one ended treatment": (with_event("led_to_discontinuation", True), "safety.mild", "contrary"),
    "no event": (COHORTS["without events"](), "safety.mild", "not_estimable"),
    "nobody with IBM": (COHORTS["PM alone"](), "series.pooled", "weaker"),
    "nobody without IBM": (COHORTS["IBM alone"](), "series.pooled", "contrary"),
    "half are stronger": (alternating_effect(), "strength.all", "weaker"),
    "nobody has a follow-up": (COHORTS["nobody at follow-up"](), "series.complete", "contrary"),
}


@pytest.mark.parametrize("case", STATES_BY_HAND)
def test_states_of_counts(case: str) -> None:
    """A count is supported for all, weaker for some, contrary for none; safety by its grades."""
    tables, id, expected = STATES_BY_HAND[case]
    assert state(article_of(tables), id) == expected


def test_no_mean_change() -> None:
    """Half of the patients up and half down by as much is no clear change."""
    article = article_of(alternating_effect())
    assert state(article, "strength.change") in ("weaker", "contrary")
    assert "did not clearly change" in claimed(article)["summary.strength"]


def test_a_finding_that_hangs_on_one_patient() -> None:
    """Differences of 8 to 12 stand without any one; 2, 3, 4, 8, 10, -1 do not without the fifth."""
    tables = cohort_of(6)
    is_base = (tables["visits"]["visit_day"] <= 0).astype(bool)
    number = tables["visits"]["patient_id"].str[-1].astype(int)
    change = number.map({1: 10, 2: 11, 3: 12, 4: 8, 5: 10, 6: 9})
    score = (30 + change.where(~is_base, 0)).astype("Int64")
    tables["visits"]["mrc_sum_score"] = score
    article = article_of(tables)
    assert state(article, "strength.robust") == "supported"
    method = article.say.receipts["claim.strength.change"].method
    assert method.startswith("strength_rose: estimate 10, ci_low ")
    assert method.endswith("without any one patient: stands")
    change = number.map({1: 2, 2: 3, 3: 4, 4: 8, 5: 10, 6: -1})
    score = (30 + change.where(~is_base, 0)).astype("Int64")
    tables["visits"]["mrc_sum_score"] = score
    article = article_of(tables)
    assert stats.ttest_1samp([2, 3, 4, 8, 10, -1], 0).confidence_interval(0.95).low > 0
    assert stats.ttest_1samp([2, 3, 4, 8, -1], 0).confidence_interval(0.95).low < 0
    assert state(article, "strength.change") == "supported"
    assert state(article, "strength.robust") == "contrary"
    alone = [np.delete([2, 3, 4, 8, 10, -1], i) for i in range(6)]
    lows = [stats.ttest_1samp(rest, 0).confidence_interval(0.95).low for rest in alone]
    failing = sum(low <= 0 for low in lows)
    assert f"in {failing} of 6 removals" in claimed(article)["strength.robust"]
    assert "does not stand" in article.say.receipts["claim.strength.change"].method
    assert "not applicable" in article.say.receipts["claim.strength.all"].method


def test_the_dose_before_the_loss() -> None:
    """Strength at the cycle of loss precedes its dose: cycle k - 1 is set against 1 to k - 2."""
    tables = cohort_of(6)
    article = article_of(tables)
    changes = []
    for patient, cycle in article.results.loss.cycles.items():
        assert cycle is not None
        is_own = tables["cycles"]["patient_id"] == tables["patients"]["patient_id"][patient - 1]
        doses = tables["cycles"][is_own].sort_values("cycle")["dose_g_kg"].to_numpy(float)
        changes.append(doses[cycle - 2] - doses[: cycle - 2].mean())
    shown = article.say.receipts["loss.dose_change.mean"]
    assert shown.value == pytest.approx(np.mean(changes))
    assert f"n = {len(changes)}" in plain(str(article.say.loss_dose)).replace("\u00a0", " ")


def test_one_difference_to_rank() -> None:
    """A single difference is ranked in the singular, and its P is 1."""
    article = article_of(cohort_of(1))
    floor = plain(str(article.say.rank_floor))
    assert floor.startswith("With 1 strength difference that is not zero")
    assert floor.endswith("is 1.000.")


def test_above_the_exact_limit() -> None:
    """Where the signed-rank test is the normal approximation it is not called exact."""
    say = article_of(cohort_of(6)).say
    assert str(say.rank_test("strength.rank")).startswith("The exact signed-rank test gave ")
    id = "strength.rank.p_value"
    large = {**say.receipts, id: replace(say.receipts[id], method="asymptotic signed-rank test")}
    approximate = Say(say.study, large)
    assert str(approximate.rank_test("strength.rank")).startswith(
        "The approximate signed-rank test gave "
    )
    assert "normal approximation" in str(approximate.rank_floor)


def test_simulated_patients_are_called_so() -> None:
    """The finding of simulated data begins with what they are, that of observed data does not."""
    simulated = claimed(article_of(cohort_of(6), "simulated"))["summary.strength"]
    observed = claimed(article_of(cohort_of(6)))["summary.strength"]
    assert simulated.startswith("In these simulated patients muscle strength rose")
    assert observed.startswith("In this series muscle strength rose")


def test_the_file_of_claims() -> None:
    """Every claim has a predicate and words for the four states, and a document makes each."""
    claims = read_claims()
    documents = "".join(file.read_text(encoding="utf-8") for file in sorted(ROOT.glob("*.qmd")))
    assert {claim.id for claim in claims} == set(USED.findall(documents))
    for claim in claims:
        assert set(claim.wordings) == set(STATES), claim.id
        assert claim.about.endswith("."), claim.id
    assert {claim.predicate for claim in claims} == set(PREDICATES)


GOOD = """\
a.b:
  about: A line.
  predicate: strength_rose
  wordings:
    supported: >-
      It {direction strength.change}: {difference strength.change}, don't you see?
"""
FAULTS = {
    "not YAML": (GOOD + "  x: [", 7, "this is not YAML"),
    "no mapping": ("- a\n", 1, "name: value"),
    "no claim": ("", 1, "name: value"),
    "unknown predicate": (GOOD.replace("strength_rose", "strength_ros"), 3, "mean strength_rose?"),
    "unknown state": (GOOD.replace("supported", "suported"), 5, "did you mean supported?"),
    "unknown key": (GOOD.replace("about", "abut"), 2, "did you mean about?"),
    "missing key": (GOOD.replace("  about: A line.\n", ""), 1, 'has no "about"'),
    "twice": (GOOD + GOOD, 7, "stands twice"),
    "empty wording": (GOOD + "    weaker:\n", 7, "must be a line of text"),
    "typed number": (GOOD.replace("It", "In six of 7"), 5, '"six" is typed'),
    "no id": (GOOD.replace("a.b:", "A b:"), 1, "is no id"),
    "unknown phrase": (GOOD.replace("{direction", "{directon"), 5, "did you mean direction?"),
    "unknown receipt": (GOOD.replace("{difference strength", "{difference st"), 5, "no receipt"),
    "too few words": (GOOD.replace(" strength.change}:", "}:"), 5, "followed by 1 words"),
}


def judged(tmp_path: Path, text: str, tables: Tables | None = None) -> Say:
    """The phrases of a cohort with a claims.yml of its own."""
    (tmp_path / "claims.yml").write_text(text, encoding="utf-8")
    article = article_of(tables or cohort_of(6))
    claims = judge(article.results, article.say, tmp_path / "claims.yml")
    sentences = {id: claim.shown for id, claim in claims.items()}
    return Say(article.say.study, article.say.receipts, sentences)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_file_is_named(tmp_path: Path, fault: str) -> None:
    """Each fault is one line with file, line and remedy."""
    text, line, part = FAULTS[fault]
    with pytest.raises(WordingError) as raised:
        judged(tmp_path, text)
    lines = str(raised.value).splitlines()
    assert any(one.startswith(f"claims.yml:{line}: ") and part in one for one in lines), lines


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Two faults are two lines, in the order of the file."""
    text = GOOD.replace("about", "abut").replace("supported", "suported")
    with pytest.raises(WordingError) as raised:
        judged(tmp_path, text)
    places = [line.split(":")[1] for line in str(raised.value).splitlines()]
    assert places == ["1", "2", "5"]


def test_plain_text_stays_plain(tmp_path: Path) -> None:
    """What a clinician types is shown as typed, marks of markdown and apostrophes included."""
    say = judged(tmp_path, GOOD.replace("It", "*It* <b> @fig-x"))
    sentence = plain(str(say.claim("a.b")))
    assert sentence.startswith("*It* <b> @fig-x rose: +")
    assert sentence.endswith(", don’t you see?")


def test_a_state_without_wording_is_refused(tmp_path: Path) -> None:
    """The refusal names the claim, its line, the predicate and the values; press adds the place."""
    say = judged(tmp_path, GOOD, reversed_effect())
    with pytest.raises(StudyError) as raised:
        say.claim("a.b")
    for part in ('"a.b"', "A line.", "contrary", "strength_rose", "estimate -", "claims.yml:1"):
        assert part in str(raised.value)
    assert not hasattr(raised.value, "is_report")


def test_an_unknown_claim_is_refused() -> None:
    """A claim that claims.yml does not have is refused with the nearest one."""
    with pytest.raises(WordingError, match=r'did you mean "strength.change"'):
        article_of(cohort_of(6)).say.claim("strength.changes")


def test_press_names_the_place(tmp_path: Path) -> None:
    """A state that nobody worded stops the render, with the line of the sentence."""
    for name in ("analysis", "journal", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in (
        "manuscript.qmd",
        "supplement.qmd",
        "_quarto.yml",
        "references.bib",
        "declarations.yml",
    ):
        shutil.copy(ROOT / name, tmp_path)
    text = CLAIMS_FILE.read_text(encoding="utf-8")
    states = "|".join(STATES)
    first = text.index("ck.change:")
    end = text.index("\nck.robust:")
    bare = re.sub(rf"    ({states}): >-\n(      .*\n)+", "", text[first:end])
    (tmp_path / "claims.yml").write_text(
        text[:first] + bare.rstrip() + " {}\n" + text[end:], encoding="utf-8"
    )
    command = [sys.executable, "-m", "press.cli", "render", "--to", "jats"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 2
    lines = (ROOT / "manuscript.qmd").read_text().splitlines()
    line = next(i for i, text in enumerate(lines, start=1) if 'say.claim("ck.change")' in text)
    assert f"manuscript.qmd:{line}" in done.stderr
    assert "ck_fell" in done.stderr
    assert not (tmp_path / "_manuscript").exists() or not list((tmp_path / "_manuscript").iterdir())
