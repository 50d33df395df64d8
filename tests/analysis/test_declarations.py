"""Expected texts are those written into declarations.yml, or worked out by hand."""

from pathlib import Path

import pytest

from analysis import disclosure
from analysis.declarations import NAMES, OPEN, printed, read_declarations
from analysis.errors import WordingError
from tests.analysis.cohorts import cohort_of, study_of

WHOLE = "".join(f"{name}:\n  about: Why?\n" for name in NAMES)


def test_a_declaration_without_text_is_open(tmp_path: Path) -> None:
    """It is printed as to be completed, the others as they are written; `blinding` is none."""
    file = tmp_path / "declarations.yml"
    file.write_text(
        WHOLE.replace("funding:\n", "funding:\n  text: >-\n    Grant 12/7\n    of X.\n")
        + "blinding:\n  allowed: []\n"
    )
    declared = read_declarations(file)
    assert list(declared) == list(NAMES)
    assert declared["funding"] == "Grant 12/7 of X."
    assert [name for name in NAMES if declared[name] is not None] == ["funding"]
    assert printed(declared["contact"]) == OPEN
    assert (
        printed(declared["funding"])
        == r'[Grant 12\/7 of X\.]{.literal reason="declared by the study team"}'
    )


def test_every_fault_of_the_file_is_reported_at_once(tmp_path: Path) -> None:
    """An unknown name, an unknown key, an empty text and a missing name, each with its line."""
    file = tmp_path / "declarations.yml"
    file.write_text(
        WHOLE.replace("funding:\n", "fundng:\n  txt: a\n").replace("Why?", "Why?\n  text:", 1)
    )
    with pytest.raises(WordingError) as raised:
        read_declarations(file)
    assert str(raised.value).split("\n") == [
        "declarations.yml:1: there is no declaration funding; leave its text out while it is open",
        "declarations.yml:3: the text of ethics must be a line of text",
        'declarations.yml:10: unknown declaration "fundng"; did you mean funding?',
        'declarations.yml:11: unknown key "txt"; did you mean text?',
    ]


def test_an_entry_may_say_that_it_identifies(tmp_path: Path) -> None:
    """`identifies` is true or false, and nothing else."""
    file = tmp_path / "declarations.yml"
    file.write_text(WHOLE.replace("Why?", "Why?\n  identifies: true", 1))
    assert set(read_declarations(file)) == set(NAMES)
    file.write_text(WHOLE.replace("Why?", "Why?\n  identifies: perhaps", 1))
    with pytest.raises(WordingError, match=r"^declarations.yml:3: identifies of ethics must be"):
        read_declarations(file)


def test_observed_data_need_ethics_and_consent() -> None:
    """Simulated data concern nobody; of observed data both declarations are printed."""
    tables = cohort_of(6)
    declared = dict.fromkeys(NAMES) | {"ethics": "Approved.", "consent": "Written consent."}
    assert "concern no person" in disclosure.ethics(study_of(tables, "simulated"), declared)
    said = disclosure.ethics(study_of(tables), declared)
    assert "Approved" in said
    assert "Written consent" in said
