"""The command line: what a fault of press itself gives."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from press import cli

MakeProject = Callable[..., Path]


@pytest.mark.parametrize(
    ("arguments", "shows_text"),
    [
        (["render"], True),
        (["figures"], True),
        (["check"], True),
        (["submit", "--journal", "icmje"], True),
        (["compare", "HEAD", "--rows"], True),
        (["compare", "HEAD"], False),
        (["update", "new.xlsx"], False),
    ],
)
def test_a_fault_of_press_itself_is_status_2(
    make_project: MakeProject,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    shows_text: bool,
) -> None:
    """Status 1, with which Python ends, says changes or faults; a text may hold a row's values."""

    def fail(_: argparse.Namespace) -> int:
        raise TypeError("P07 has 3333")

    monkeypatch.chdir(make_project("Text."))
    monkeypatch.setitem(cli.COMMANDS, arguments[0], fail)
    assert cli.main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f'File "{__file__}", line ' in said.err
    assert "\nTypeError" in said.err
    assert ("P07 has 3333" in said.err.replace('TypeError("P07 has 3333")', "")) == shows_text
    assert ("its text is hidden" in said.err) != shows_text


def test_what_the_output_cannot_hold_is_written_by_its_number(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that a Windows command writes to has no minus sign and no arrow: U+2212, U+2192."""

    def say(_: argparse.Namespace) -> int:
        print("−3 → é")
        return 0

    monkeypatch.chdir(make_project("Text."))
    monkeypatch.setitem(cli.COMMANDS, "check", say)
    written = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", newline="\n")
    monkeypatch.setattr(sys, "stdout", written)
    assert cli.main(["check"]) == 0
    written.flush()
    assert written.buffer.getvalue() == b"\\u22123 \\u2192 \xe9\n"
