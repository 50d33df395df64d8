"""A text in; what a reader cannot see in it, or takes for something else, out."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = ("Cf", "Cc", "Co", "Cn", "Cs", "Zl", "Zp")
"""Categories of Unicode whose characters have no shape of their own."""
_WORD = re.compile(r"[^\W\d_]+")


def oddity(text: str) -> str:
    """What makes the text another one than it looks like, after the word "without"; or nothing."""
    if any(unicodedata.category(letter) in _UNSEEN for letter in text):
        return "invisible characters"
    if " ".join(text.split()) != text:  # blanks of any kind
        return "blanks before, after or doubled, or other ones than the space bar's"
    if any(len(_scripts(word)) > 1 for word in _WORD.findall(text)):
        return "letters of two alphabets in one word (look-alikes)"
    return ""


def _scripts(word: str) -> set[str]:
    """The scripts of a word's letters, by the names that Unicode gives them."""
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
