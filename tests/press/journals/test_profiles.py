"""Journal profiles: what is read from them, what is refused, and an article held against one."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from press.cli import main
from press.config import read_project
from press.errors import PressError
from press.journals.check import Article, Finding, State, judge, read_article
from press.journals.profiles import RULES, Profile, Rule, read_profile
from tests.press.conftest import SETTINGS

ROOT = Path(__file__).parents[3]
FRONT = "---\ntitle: 'A paper: on counting'\nkeywords: [one, two]\n---\n"
BODY = """
```{python}
n = 6
```

# Abstract

**Background.** Two words here.

**Methods.** `{python} n` patients[^note] [@known].

[^note]: A note counts.

# Introduction

Strength *rose* to `{python} n` points [@known].

## An aim

- one item
- another item

::: {#tbl-first}

| a | b |
|---|---|
| 1 | 2 |

The caption of a table is not counted.

:::

# Results {#sec-results}

As @tbl-first and @fig-first show.

::: {#fig-first}

![](figure.png)

The caption of a figure is not counted.

:::

# Declarations

**Ethics approval and consent.** Given by nobody.

**Funding.** [Sponsor and number: to be completed by the team.]

**Competing interests.**

# References

::: {#refs}
:::
"""


def rule(value: Any) -> Rule[Any]:
    """A rule with this value."""
    return Rule(value, "somewhere", "2026-11-26")


UNKNOWN = Profile(id="none", name="None", is_journal=False, **dict.fromkeys(RULES))
"""A profile of which nothing is known."""


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Article:
    """The small article above, executed once."""
    root = tmp_path_factory.mktemp("article")
    settings = SETTINGS + "csl: vancouver.csl\nreview-copy: false\n"
    (root / "_quarto.yml").write_text(settings, encoding="utf-8")
    (root / "paper.qmd").write_text(FRONT + BODY, encoding="utf-8")
    (root / "refs.bib").write_text("@misc{known, title={A title}}", encoding="utf-8")
    (root / "page.html").write_text("$body$", encoding="utf-8")
    shutil.copy(ROOT / "journal" / "vancouver.csl", root)
    return read_article(read_project(root))


def found(article: Article, **rules: Any) -> dict[str, Finding]:
    """What comes of a profile with these rules, by the words that the report has for each."""
    profile = replace(UNKNOWN, **rules)
    return {finding.rule: finding for finding in judge(article, profile)}


def line(text: str) -> int:
    """The line of the article on which a text stands."""
    return (FRONT + BODY).split("\n").index(text) + 1


def test_words_are_counted_as_a_reader_sees_them(article: Article) -> None:
    """Counted by hand: computed numbers, notes, headings and citation marks are words."""
    assert article.counts.title.words == 4  # A paper: on counting
    # Background. Two words here. | Methods. 6 patients A note counts. [1].
    assert article.counts.abstract.words == 4 + 7


def test_tables_captions_and_declarations_are_not_in_the_text(article: Article) -> None:
    """Counted by hand, heading by heading."""
    assert [(part.heading, part.words) for part in article.counts.text] == [
        ("Introduction", 1 + 6),  # Strength rose to 6 points [1].
        ("An aim", 2 + 4),
        ("Results", 1 + 7),  # As Table 1 and Figure 1 show.
    ]


def test_a_limit_is_kept_or_passed_by_a_number(article: Article) -> None:
    """A limit that is just met is kept; one less is a fault that says how many are too many."""
    kept = found(article, abstract_words=rule(11))["abstract words"]
    assert (kept.state, kept.text) == (State.OK, "11 of at most 11")
    passed = found(article, abstract_words=rule(10))["abstract words"]
    assert (passed.state, passed.text) == (State.FAULT, "11 of at most 10, 1 too many")
    assert passed.place == f"paper.qmd:{line('# Abstract')}"


def test_the_text_is_reported_where_it_passes_its_limit(article: Article) -> None:
    """The place is the heading under which the first word too many stands."""
    assert found(article, text_words=rule(13))["text words"].place.endswith(
        f":{line('# Results {#sec-results}')}"
    )
    assert found(article, text_words=rule(12))["text words"].place.endswith(f":{line('## An aim')}")


def test_figures_and_tables_are_counted_together(article: Article) -> None:
    """The place is that of the first one too many."""
    finding = found(article, display_items=rule(1))["display items"]
    assert finding.text == "2 of at most 1, 1 too many"
    assert finding.place == f"paper.qmd:{line('::: {#fig-first}')}"


def test_keywords_and_references_are_counted(article: Article) -> None:
    """Two keywords; a reference cited twice is one."""
    findings = found(article, keywords=rule([3, 6]), references=rule(1))
    assert findings["keywords"].state is State.FAULT
    assert (findings["references"].state, findings["references"].text[0]) == (State.OK, "1")
    assert findings["references"].place == f"paper.qmd:{line('# References')}"


@pytest.mark.parametrize(
    ("wanted", "state"),
    [
        ("any", State.OK),
        (["background", "Methods"], State.OK),
        (["Background", "Methods", "Results"], State.FAULT),
        (["Methods", "Background"], State.FAULT),
    ],
)
def test_headings_of_the_abstract(article: Article, wanted: Any, state: State) -> None:
    """They are those of the journal, in its order, whatever their letter case."""
    assert found(article, abstract_headings=rule(wanted))["abstract headings"].state is state


def test_statements_are_present_and_written(article: Article) -> None:
    """One that waits for its text, an empty one and one that is not there are three faults."""
    names = ["Consent", "Funding", "Competing interests", "Data availability"]
    findings = found(article, statements=rule(names))
    said = {name: findings[f"statement {name!r}"] for name in names}
    assert said["Consent"].state is State.OK
    assert "waits for its text" in said["Funding"].text
    assert said["Funding"].place == (
        f"paper.qmd:{line('**Funding.** [Sponsor and number: to be completed by the team.]')}"
    )
    assert "it is empty" in said["Competing interests"].text
    assert "there is none; add" in said["Data availability"].text


def test_settings_are_held_against_the_profile(article: Article) -> None:
    """Line numbers come by review-copy, the style by csl; each place is in _quarto.yml."""
    findings = found(article, line_numbers=rule(True), csl=rule("other.csl"))
    assert findings["line numbers"].state is State.NOT_CHECKED
    assert findings["line numbers"].text == "review-copy is false; press submit sets it"
    assert findings["CSL style"].text.startswith("vancouver.csl; wanted is other.csl")
    number = article.project.settings.lines["csl",]
    assert findings["CSL style"].place == f"_quarto.yml:{number}"


@pytest.mark.parametrize(
    ("taken", "state", "words"),
    [
        (["EPS", "TIFF"], State.OK, "TIFF of EPS or TIFF"),
        (["tiff", "pdf"], State.OK, "PDF, TIFF of tiff or pdf"),
        (["EPS"], State.FAULT, "EPS asked for, and figures are exported as PDF, TIFF"),
    ],
)
def test_figures_are_exported_as_what_a_journal_takes(
    article: Article, taken: list[str], state: State, words: str
) -> None:
    """Of our formats those that are asked for; a journal that takes none of them is a fault."""
    finding = found(article, figure_formats=rule(taken))["figure formats"]
    assert finding.state is state
    assert finding.text.startswith(words)


def test_what_the_article_does_not_show_is_not_checked(article: Article) -> None:
    """Blinding and figure files are said to be open; what nobody knows is said to be unknown."""
    findings = found(article, is_blinded=rule(True), figure_widths_mm=rule([85, 170]))
    assert findings["blinding"].state is State.NOT_CHECKED
    assert findings["figure widths in mm"].text.startswith("asked for: 85 or 170")
    assert {f.state for f in found(article).values()} == {State.UNKNOWN}


@pytest.mark.parametrize("path", sorted((ROOT / "journal" / "profiles").glob("*.yml")))
def test_every_profile_of_the_project_is_read(path: Path) -> None:
    """Each value that is not unknown has its source and the day on which it was read."""
    profile = read_profile(ROOT, path.stem)
    known = [rule for name in RULES if (rule := getattr(profile, name))]
    assert all(rule.source and rule.checked >= "2026-11-26" for rule in known)


def test_every_fault_of_a_profile_is_refused_at_once(tmp_path: Path) -> None:
    """An unknown rule, a missing one, an unfit value, no source and no date: each by its line."""
    folder = tmp_path / "journal" / "profiles"
    folder.mkdir(parents=True)
    good = "".join(f"  {name}: unknown\n" for name in RULES if name not in ("csl", "keywords"))
    text = good.replace("  title_words: unknown", "  title_words: 12").replace(
        "  abstract_words: unknown",
        "  abstract_words: {value: few, source: '', checked: yesterday}\n  abstrct_words: unknown",
    )
    keywords = "  keywords: {value: [6, 3], source: a page, checked: 2026-02-30}\n"
    (folder / "mine.yml").write_text(
        f"name: Mine\nrules:\n{text}{keywords}is_journal: perhaps\n", encoding="utf-8"
    )
    with pytest.raises(PressError) as refused:
        read_profile(tmp_path, "mine")
    file = "journal/profiles/mine.yml"
    said = str(refused.value).split("\n")
    assert len(said) == 9
    assert said[0].startswith(f"{file}:2: rule csl is missing; write csl: unknown")
    assert said[1].startswith(f"{file}:3: title_words: 12: {{value: …, source: …")
    assert said[2] == f"{file}:5: abstract_words: few: a whole number above 0 is wanted"
    assert said[3].startswith(f"{file}:5: abstract_words: source: say who")
    assert said[4].startswith(f"{file}:5: abstract_words: yesterday: the day")
    assert said[5].startswith(f"{file}:6: unknown rule of a profile abstrct_words; did you mean")
    assert "keywords: 2026-02-30: the day" in said[6]
    assert "keywords: [6, 3]: [fewest, most] is wanted" in said[7]
    assert said[8].endswith("is_journal: true or false is wanted, whether it is a journal")


def test_an_unknown_profile_is_refused_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, and the name that was probably meant."""
    monkeypatch.chdir(ROOT)
    assert main(["check", "--journal", "imcje"]) == 2
    assert "did you mean icmje?" in capsys.readouterr().err


def test_the_command_reports_each_rule_and_its_exit_status(
    article: Article, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line a rule: state, numbers, source and place; a fault is exit status 1."""
    root = article.project.root
    (root / "journal" / "profiles").mkdir(parents=True)
    rules = dict.fromkeys(RULES, "unknown")
    rules["references"] = "{value: 1, source: a page, checked: 2026-11-26}"
    file = root / "journal" / "profiles" / "mine.yml"

    def run() -> list[str]:
        text = "".join(f"  {name}: {value}\n" for name, value in rules.items())
        file.write_text(f"name: Mine\nis_journal: true\nrules:\n{text}", encoding="utf-8")
        monkeypatch.chdir(root)
        status = main(["check", "--journal", "mine"])
        return [str(status), *capsys.readouterr().out.splitlines()]

    said = run()
    assert said[0] == "0"
    place = f"paper.qmd:{line('# References')}"
    assert f"ok           references: 1 of at most 1 (a page, read 2026-11-26) {place}" in said
    assert said[-1] == "1 ok, 0 faults, 14 unknown, 0 not checked"
    rules["title_words"] = "{value: 3, source: a page, checked: 2026-11-26}"
    said = run()
    assert said[0] == "1"
    assert said[-1] == "1 ok, 1 fault, 13 unknown, 0 not checked"
