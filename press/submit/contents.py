"""The files of a package by their names in; what each is, for whoever uploads them, out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from press.journals.profiles import Profile
from press.submit.files import MANIFEST
from press.submit.tree import STAMP

README = "README.txt"
WITH_PLACES = "the same as PDF, with the authors' affiliations, e-mail and ORCIDs"
"""The Word file of a document has the authors' names alone."""
WHAT = (
    (r"1-title-page\.docx", "title page with authors, affiliations and declarations"),
    (r"2-manuscript\.docx", "manuscript, clean copy"),
    (r"2-manuscript\.pdf", WITH_PLACES),
    (r"2-manuscript-blinded\.docx", "manuscript without authors, for reviewers"),
    (r"2-manuscript-blinded\.pdf", "the same as PDF"),
    (r"3-manuscript-marked-up\.docx", "manuscript with the changes since the last version tracked"),
    (
        r"3-manuscript-blinded-marked-up\.docx",
        "manuscript without authors, with the changes since the last version tracked",
    ),
    (r"3-response\.docx", "letter to the reviewers"),
    (r"3-response-blinded\.docx", "letter to the reviewers, without authors"),
    (r"3-response(-blinded)?\.pdf", "the same as PDF"),
    (r"4-figures/(Figure-\w+)\.pdf", r"\1 as drawing"),
    (r"4-figures/(Figure-\w+)\.tif", r"\1 as picture, 600 dpi"),
    (r"5-([\w-]+)(?<!-blinded)(?<!-marked-up)\.docx", r"\1"),
    (r"5-([\w-]+)(?<!-blinded)\.pdf", WITH_PLACES),
    (r"5-([\w-]+)-blinded\.docx", r"\1 without authors, for reviewers"),
    (r"5-([\w-]+)-blinded\.pdf", "the same as PDF"),
    (
        r"5-([\w-]+)(?<!-blinded)-marked-up\.docx",
        r"\1 with the changes since the last version tracked",
    ),
    (
        r"5-([\w-]+)-blinded-marked-up\.docx",
        r"\1 without authors, with the changes since the last version tracked",
    ),
    (r"6-([\w-]+)\.docx", r"reporting checklist \1 with the page of each item in the manuscript"),
    (r"7-cover-letter\.docx", "letter to the editor"),
    (r"8-declarations\.docx", "declarations of the authors"),
    (
        r"9-data-and-code\.zip",
        "code; its ARCHIVE.txt says which data are with it and how to rebuild the article",
    ),
)
"""The names of the files, in the order of an upload, and what they are."""
ANONYMOUS = re.compile(r".*-blinded.*|4-figures/.*|6-.*")
"""The files that reviewers may get who are not to know the authors."""


def describe(name: str) -> str:
    """What a file of the package is."""
    for pattern, what in WHAT:
        found = re.fullmatch(pattern, name)
        if found:
            return found.expand(what).replace("Figure-", "Figure ")
    return ""


def _order(name: str) -> tuple[str, int, str]:
    """In the order of an upload: the number first, then as the table has it."""
    kinds = [i for i, (pattern, _) in enumerate(WHAT) if re.fullmatch(pattern, name)]
    is_figure = "/" in name
    return name[:1], 0 if is_figure else min(kinds, default=len(WHAT)), name


def _for_reviewers(names: Iterable[str], *, is_blinded: bool) -> list[str]:
    """Which files are for reviewers who are not to know the authors."""
    others = [what for start, what in (("4-", "4-figures"), ("6-", "the checklists (6-...)"))
              if any(name.startswith(start) for name in names)]  # fmt: skip
    rule = "wants" if is_blinded else "does not ask for"
    return [
        f"By its profile the journal {rule} a manuscript without authors.",
        "For reviewers who are not to know the authors are, and no other:",
        "",
        *(f"- {what}" for what in ("those with -blinded in their names", *others)),
        "",
        "Any other may name the authors.",
    ]


def readme(
    names: Iterable[str],
    *,
    profile: Profile,
    title: str,
    commit: str,
    notes: Iterable[str],
    is_blinded: bool,
    is_rehearsal: bool,
) -> str:
    """The text that goes with the package: a line a file, and what is to be known of them."""
    names = sorted(names, key=_order)
    width = max(map(len, names))
    lines = [f"{STAMP}.", ""] if is_rehearsal else []
    goal = profile.name if profile.is_journal else f"the profile {profile.name}"
    lines += [title, f"for {goal}", f"built from commit {commit}", ""]
    lines += ["In the order of an upload:", ""]
    lines += [f"{name.ljust(width)}  {describe(name)}".rstrip() for name in names]
    lines += [
        f"{MANIFEST.ljust(width)}  name, size in bytes and SHA-256 of every other file",
        "",
        *_for_reviewers(names, is_blinded=is_blinded),
    ]
    noted = list(notes)
    if noted:
        lines += ["", "To be known:", "", *[f"- {note}" for note in noted]]
    return "\n".join([*lines, ""])
