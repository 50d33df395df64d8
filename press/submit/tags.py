"""The repository of a project in; what was submitted from it, by the tags that say so, out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from press.errors import Fault, PressError
from press.git import git_text, run_git, said_by
from press.response import LETTER_FILE, REVIEWS_FILE

SUBMISSION, REHEARSAL = "submission", "rehearsal"
_COMMIT = "commit or undo them, since only what is committed is checked and sent"
KEPT_RESULTS = "sent/results.json"
"""What a manifest calls the numbers of what was sent, whose first line names the data."""


@dataclass(frozen=True)
class Tag:
    """A tag `submission/PROFILE/N` or `rehearsal/PROFILE/N`, its commit and the manifest in it."""

    kind: str
    profile: str
    number: int
    commit: str
    message: str

    @property
    def name(self) -> str:
        """The tag's name in git."""
        return f"{self.kind}/{self.profile}/{self.number}"

    @property
    def data_version(self) -> str:
        """The version of the data, where the tag names one."""
        found = re.search(r"^data version (.+)$", self.message, re.MULTILINE)
        return found[1] if found else ""

    def is_of(self, commit: str, results: str) -> bool:
        """Whether it is of a commit and of data, known by the SHA-256 of their results.json."""
        return self.commit == commit and self.checksums.get(KEPT_RESULTS, results) == results

    @property
    def checksums(self) -> dict[str, str]:
        """The SHA-256 of each file of the package that was built then, and of what was kept."""
        return dict(re.findall(r"^([^\t\n]+)\t\d+\t(\w+)$", self.message, re.MULTILINE))


def check_git(root: Path) -> None:
    """Raise PressError unless `root` lies in a git repository that has a commit."""
    done = run_git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    if done.returncode:
        raise PressError(
            f"{root} has no commit of a git repository, and a package is built from a commit "
            "that a tag names; git init, git add and git commit make one"
        )


def git_faults(root: Path) -> list[Fault]:
    """What keeps a tag from naming what is sent: uncommitted changes, nobody to write it."""
    asked = ("--porcelain", "-z", "--no-renames", "--untracked-files=no")
    changed = git_text(root, "status", *asked, "--", ".")
    faults = [
        Fault(entry[3:], f"it has changes that are not committed; {_COMMIT}")
        for entry in changed.split("\0")  # two letters, a blank, the file
        if entry
    ]
    faults += [
        Fault(file, "git does not know it, so that it is not sent; git add it")
        for file in (LETTER_FILE, REVIEWS_FILE)
        if (root / file).is_file() and not git_text(root, "ls-files", "--", file)
    ]
    if run_git(root, "var", "GIT_COMMITTER_IDENT").returncode:
        remedy = "git config user.name and git config user.email say who"
        faults.append(Fault(".git", f"git knows no one who could write the tag; {remedy}"))
    return faults


def tag_faults(root: Path, profile: str) -> list[Fault]:
    """Tags that have a name of ours and hold no manifest, so that a version's tag has no place."""
    names = [f"refs/tags/{kind}/{profile}/*" for kind in (SUBMISSION, REHEARSAL)]
    form = "%(refname:strip=2) %(objecttype)"
    found = [line.split() for line in
             git_text(root, "for-each-ref", f"--format={form}", *names).splitlines()]  # fmt: skip
    remedy = "press submit did not write it; git tag -d"
    return [Fault(".git", f"the tag {name} holds no manifest: {remedy} {name}")
            for name, kind in found if kind != "tag"]  # fmt: skip


def read_tags(root: Path, profile: str) -> list[Tag]:
    """The tags of a profile, submissions before rehearsals, each by its number."""
    names = [f"refs/tags/{kind}/{profile}/*" for kind in (SUBMISSION, REHEARSAL)]
    form = "%(refname:strip=2)%00%(*objectname)%00%(contents)%01"
    tags = []
    for entry in git_text(root, "for-each-ref", f"--format={form}", *names).split("\x01"):
        if entry.strip():
            name, commit, message = entry.strip().split("\x00")
            kind, _, number = name.split("/")
            if number.isdigit() and commit:
                tags.append(Tag(kind, profile, int(number), commit, message))
    return sorted(tags, key=lambda tag: (tag.kind != SUBMISSION, tag.number))


def last_sent(tags: list[Tag], commit: str, results: str, *, is_rehearsal: bool) -> Tag | None:
    """The version before: the last submission of another package, in a rehearsal or rehearsal.

    Another package is of another commit or of other data (`results`, the SHA-256 of results.json);
    building the same anew therefore marks it up against the same version as before.
    """
    for kind in (SUBMISSION, REHEARSAL) if is_rehearsal else (SUBMISSION,):
        found = [tag for tag in tags if tag.kind == kind]
        own = [tag.number for tag in found if tag.is_of(commit, results)]
        before = [tag for tag in found if tag.number < min(own, default=tag.number + 1)]
        if before:
            return before[-1]
    return None


def write_tag(root: Path, tags: list[Tag], tag: Tag) -> str:
    """Write an annotated tag with the next number; the name of the one there is for the same."""
    same = [known for known in tags if known.kind == tag.kind]
    for known in same:
        if known.commit == tag.commit and known.message.strip() == tag.message.strip():
            return known.name
    number = max((known.number for known in same), default=0) + 1
    name = f"{tag.kind}/{tag.profile}/{number}"
    command = ("-c", "tag.gpgSign=false", "tag", "--annotate", "--cleanup=verbatim")
    done = run_git(root, *command, "--message", tag.message, name, tag.commit)
    if done.returncode:
        raise PressError(f"git could not write the tag {name}: {said_by(done)}")
    return name


def delete_tag(root: Path, name: str) -> None:
    """Take a tag back."""
    run_git(root, "tag", "--delete", name)
