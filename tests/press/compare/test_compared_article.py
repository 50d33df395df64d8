from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree

from press.compare import redline
from press.compare.words import compare_words
from tests.press.compare.conftest import Version
from tests.press.compare.test_redline import W, stream
from tests.press.compare.test_words import marked


@pytest.mark.slow
def test_the_article_is_redlined_by_word(versions: tuple[Version, Version], tmp_path: Path) -> None:
    """A corrected score reaches abstract, text and tables as words marked, and the gate holds."""
    old, new = versions
    target = tmp_path / "redline.docx"
    result = redline.redline(old.docx, new.docx, target, author="Press")
    assert (result.passed, result.engine, result.untracked) == (True, "word by word", ())
    assert stream(target) == stream(new.docx)
    assert stream(target, accepted=False) == stream(old.docx)
    with zipfile.ZipFile(target) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    assert body.find(f".//{W}trPr/{W}del") is None
    changed = [change for change in body.iter(f"{W}tc") if change.find(f".//{W}del") is not None]
    assert changed


@pytest.mark.slow
def test_the_article_compared(versions: tuple[Version, Version]) -> None:
    """Of the article, the changed paragraph and the corrected score's numbers are marked."""
    words = compare_words(versions[0].html, versions[1].html)
    text = "\n".join(marked(block) for block in words.blocks if block.state == "changed")
    assert "Glucocorticoids and [-conventional-]{+other+} immunosuppressants" in text
    cells = [cell for block in words.blocks for row in block.rows for cell in row]
    assert any([piece.text for piece in cell.pieces] == ["39 → ", "48", "46"] for cell in cells)
    same = compare_words(versions[0].html, versions[0].html)
    assert {block.state for block in same.blocks} == {"unchanged"}
    assert same.renumbered == ()
