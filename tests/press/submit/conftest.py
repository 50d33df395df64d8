"""Two versions of a small project, submitted one after the other, once a worker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from press.submit.deliver import Submission
from press.submit.package import submit
from tests.press.submit.projects import (
    RESPONSE,
    REVIEWS,
    commit,
    make_repository,
    project,
)


@dataclass(frozen=True)
class Sent:
    """The project's folder and what came of submitting its first and its second version."""

    root: Path
    first: Submission
    second: Submission

    @property
    def folder(self) -> Path:
        """The package of the second version."""
        return self.root / "_submission" / "tests"


@pytest.fixture(scope="session")
def sent(git: str, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """The project submitted, then with a new word in each document and a letter."""
    assert git
    root = make_repository(tmp_path_factory.mktemp("sent") / "study")
    first = submit(root, "tests")
    paper = project()["paper.qmd"].replace("To describe strength", "To describe muscle strength")
    more = project()["more.qmd"].replace("More is said", "Much more is said")
    letter = {"response.qmd": RESPONSE, "reviews.yml": REVIEWS}
    commit(root, {"paper.qmd": paper, "more.qmd": more, **letter})
    return Sent(root, first, submit(root, "tests"))
