"""A small committed project that can be submitted: everything declared, its data observed."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NOT_ITS_OWN = ("profiles", "checklists", "check.py", "__pycache__", "README.md")
SETTINGS = """\
project:
  output-dir: _manuscript
  render: [paper.qmd, more.qmd]
  pre-render: [write_results.py]
  post-render: [journal/finish.py]
lang: en
review-copy: false
citeproc: true
link-citations: true
bibliography: references.bib
csl: journal/vancouver.csl
filters:
  - at: pre-ast
    path: journal/article.lua
  - at: post-finalize
    path: journal/last.lua
execute:
  echo: false
format:
  html:
    minimal: true
    theme: none
    template: journal/article.html
    css: journal/article.css
    embed-resources: true
    fig-format: svg
  typst:
    template-partials: [journal/typst-template.typ, journal/typst-show.typ]
    pdf-standard: [ua-1]
  docx:
    reference-doc: journal/reference.docx
"""
AUTHORS = """\
author:
  - name: Ada Zimmerwald
    orcid: 0000-0002-1825-0097
    email: ada@zimmerwald.example
    corresponding: true
    degrees: [MD, PhD]
    affiliations:
      - id: one
        name: Institute of Made Names
        city: Bern
  - name: Ben Quill
    affiliations:
      - ref: one
"""
PAPER = """\
---
title: "Strength after treatment: a small series"
{authors}keywords: [strength, series]
---

```{{python}}
#| label: setup
#| include: false
from study import contact, figure, say
```

# Abstract

**Objective.** To describe strength.

# Introduction

Strength was described before [@quill2001; @other2002].
Quill and a colleague found that it changes.

# Results

@fig-line shows it; the change was `{{python}} say`.

::: {{#fig-line}}

```{{python}}
figure
```

::: {{.alt}}
A line through time.
:::

Strength over time.

:::

# Declarations

**Repository.** {repository}

**Contact.** `{{python}} contact`

# References

::: {{#refs}}
:::
"""
MORE = """\
---
title: "Supplement to strength after treatment"
{authors}number-prefix: S
---

More is said here [@other2002].

# References

::: {{#refs}}
:::
"""
STUDY = """\
import yaml
from matplotlib.figure import Figure


class Text:
    def __init__(self, markdown):
        self.markdown = markdown

    def _repr_markdown_(self):
        return self.markdown


say = Text('[+8.0]{.value key="change.mean"}')
with open("declarations.yml") as file:
    contact = Text(yaml.safe_load(file)["contact"].get("text", "[To be completed]"))
figure = Figure(figsize=(85 / 25.4, 50 / 25.4))
figure.subplots().plot([0, 1])
"""
REFERENCES = """\
@article{quill2001, author = {Quill, Ben and Writer, Anna}, title = {An older series},
  journal = {Journal}, year = {2001}, volume = {1}, pages = {1--2}}
@article{other2002, author = {Other, Olga}, title = {Another series},
  journal = {Journal}, year = {2002}, volume = {2}, pages = {3--4}}
"""
DECLARATIONS = """\
funding:
  about: Who paid?
  text: The canton paid, with a_b * c of https://fund.example/9.
contributions:
  about: Who did what?
  text: A.Z. and B.Q. did all.
  identifies: true
contact:
  about: Who answers?
  text: Ada Zimmerwald, ada@zimmerwald.example, https://zimmerwald.example/study.
  identifies: true
originality:
  about: Was it published?
  text: None of it has been published or submitted elsewhere.
"""
KNOWN = "{value: VALUE, source: a test, checked: 2026-11-26}"
PROFILE = "\n".join([
    "name: Journal of Tests", "is_journal: true", "rules:",
    *(f"  {name}: unknown" for name in (
        "title_words", "running_title_characters", "abstract_headings", "text_words",
        "display_items", "references", "statements", "csl")),
    f"  abstract_words: {KNOWN.replace('VALUE', '50')}",
    f"  keywords: {KNOWN.replace('VALUE', '[1, 5]')}",
    f"  figure_formats: {KNOWN.replace('VALUE', '[PDF, TIFF]')}",
    f"  figure_widths_mm: {KNOWN.replace('VALUE', '[85, 170]')}",
    f"  line_numbers: {KNOWN.replace('VALUE', 'true')}",
    f"  double_spacing: {KNOWN.replace('VALUE', 'true')}",
    f"  is_blinded: {KNOWN.replace('VALUE', 'true')}", "",
])  # fmt: skip
CHECKLIST = """\
name: A checklist
items:
  - {number: "1", words: the title, at: title, phrase: small series}
  - {number: "2", words: the change, at: fig-line, phrase: Strength over time}
  - {number: "3", words: costs, reason: nobody paid}
  - {number: "4", words: how it came about that nobody was asked to pay for anything,
     reason: there was nothing at all that anybody could have paid for}
"""
RESPONSE = """\
---
title: "Response to the reviewers"
---

We thank the reviewer.

::: {.answer to="R1.1"}
The abstract says so now:

[abstract]{.quote starts="Objective" ends="strength"}
:::
"""
REVIEWS = """\
round: 1
comments:
  - reviewer: 1
    number: 1
    text: |
      Strength of what? Is "[the rest to be completed]", TODO?
      As Ada Zimmerwald has shown.
"""
RECEIPT = {"id": "change.mean", "value": 8.0, "text": "+8.0", "unit": "points", "n": 2,
           "n_missing": 0, "method": "mean"}  # fmt: skip


WRITE_RESULTS = """\
import json, os, pathlib

lines = json.dumps({"schema_version": 1}) + "\\n" + json.dumps(RECEIPT) + "\\n"
pathlib.Path(os.environ["STUDY_RESULTS"]).write_text(lines)
"""


def project() -> dict[str, str]:
    """The files of the project by their names, without its look."""
    return {
        "_quarto.yml": SETTINGS,
        "paper.qmd": PAPER.format(authors=AUTHORS, repository="On request."),
        "more.qmd": MORE.format(authors=AUTHORS),
        "study.py": STUDY,
        "write_results.py": WRITE_RESULTS.replace("RECEIPT", repr(RECEIPT)),
        "references.bib": REFERENCES,
        "declarations.yml": DECLARATIONS,
        "results.json": json.dumps({"schema_version": 1}) + "\n" + json.dumps(RECEIPT) + "\n",
        "data/datapackage.json": json.dumps({"provenance": {"kind": "observed"}}),
        "data/visits.csv": "id,score\nP01,5\n",
        "journal/profiles/tests.yml": PROFILE,
        "journal/checklists/items.yml": CHECKLIST,
        "README.md": "A study.\n",
        "LICENSE": "MIT\n",
        "requirements.lock": "\n",
        "press/__init__.py": f"__path__ = [{str(ROOT / 'press')!r}]\n",
        "press/cli.py": "# The press of the tests stands in for one of its own.\n",
        ".gitignore": ".cache/\n_manuscript/\n_submission/\n__pycache__/\n",
    }


def make_repository(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write the project into a folder and commit it."""
    own = shutil.ignore_patterns(*NOT_ITS_OWN)
    shutil.copytree(ROOT / "journal", folder / "journal", ignore=own)
    git(folder, "init", "-q")
    git(folder, "config", "user.name", "Somebody")
    git(folder, "config", "user.email", "somebody@example.org")
    git(folder, "config", "commit.gpgsign", "false")
    commit(folder, files or project())
    return folder


def commit(folder: Path, files: dict[str, str]) -> None:
    """Write files into a project and commit it."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "A version")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder; what it printed."""
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode()
