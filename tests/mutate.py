"""Mutated data packages in; whether every output follows its data, number by number, out.

    python -m tests.mutate [--cohorts N] [--only WORDS] [--keep FOLDER]

Each package is rendered with `press render` and its files are read back. The values that differ
from those of the unchanged package have to be exactly those whose receipts differ, in every format;
every claim shown is judged by `tests.oracle` from the raw tables.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path

from lxml import html

from analysis.simulate import write_package
from press.align import align
from press.finished import READERS
from press.tokens import Block, Token, tokenise
from tests.mutations import Mutation, mutations
from tests.oracle import Truth
from tests.sentences import WITNESS, is_witness_right, judge

ROOT = Path(__file__).resolve().parent.parent
SEED = 12
FORMATS = {"html": "html", "pdf": "typst", "docx": "docx", "jats": "jats"}
ENDINGS = {"html": "html", "pdf": "pdf", "docx": "docx", "jats": "xml"}
QUICK = ("html", "jats")
DOCUMENTS = ("manuscript.qmd", "supplement.qmd")
COHORTS = 200
RECEIPT, CLAIM = "receipt ", "receipt claim."
ALTS: Mapping[str, tuple[str, ...]] = {
    "manuscript": (
        "strength.pairs.n strength.higher.n strength.equal.n strength.lower.n strength.before.mean "
        "strength.after.mean ck.pairs.n ck.higher.n ck.equal.n ck.lower.n "
        "ck.multiple.before.median ck.multiple.after.median",
        "cohort.treated.n strength.before.mean strength.after.mean strength.last.mean "
        "prednisone.higher.n prednisone.equal.n prednisone.lower.n prednisone.last.mean",
        "loss.lost.n loss.judged.n loss.cycle.minimum loss.cycle.maximum loss.below_best.median",
        "cohort.treated.n treatment.cycles.n safety.events.n",
    ),
    "supplement": (
        "strength.pairs.n strength.change.mean ck.pairs.n ck.ratio.mean",
        "strength.change.mean strength.left_out.minimum strength.left_out.maximum ck.ratio.mean "
        "ck.left_out.minimum ck.left_out.maximum",
        "cohort.treated.n treatment.dose_g_kg.minimum treatment.dose_g_kg.maximum "
        "treatment.interval_days.minimum treatment.interval_days.maximum loss.lost.n",
    ),
}
"""The receipts whose numbers each figure's alternative text says, in its order, by document."""

Place = tuple[str, str]
"""A document and the key of a value in it."""


@dataclass(frozen=True)
class Package:
    """An unchanged data package and what was read back of its render."""

    label: str
    data: Path
    n_patients: int
    read: "Rendered"


@dataclass(frozen=True)
class Rendered:
    """What the files of one render show.

    `values` are the texts of each value by format and place, `typed` the other numerals by format;
    `faults` say what contradicts the receipts of the same render.
    """

    receipts: Mapping[str, str]
    values: Mapping[str, Mapping[Place, set[str]]]
    claims: Mapping[str, tuple[str, ...]]
    witness: Mapping[str, str]
    typed: Mapping[str, tuple[str, ...]]
    faults: tuple[str, ...]


@dataclass
class Row:
    """A line of the table that `make mutate` prints."""

    name: str
    receipts: int = 0
    shown: int = 0
    values: dict[str, int] = field(default_factory=dict)
    claims: int = 0
    sentences: int = 0
    statements: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = [str(self.values.get(name, "")) for name in FORMATS]
        cells = [self.receipts, self.shown, *counts, self.claims, self.sentences, self.statements]
        verdict = "holds" if not self.faults else f"FAILS ({len(set(self.faults))})"
        return f"{self.name:54}" + "".join(f"{cell:>9}" for cell in cells) + f"  {verdict}"


HEAD = (
    f"{'':54}{'receipts that differ':>18}{'values that differ in':>30}{'claims':>15}{'':>18}\n"
    f"{'mutation':54}{'all':>9}{'shown':>9}{'html':>9}{'pdf':>9}{'docx':>9}{'jats':>9}"
    f"{'differ':>9}{'judged':>9}{'points':>9}  verdict"
)


# Rendering and reading back -------------------------------------------------------------------


def press(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run `press` in the repository."""
    command = [sys.executable, "-m", "press.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def render(data: Path, output: Path, formats: Sequence[str]) -> Rendered:
    """Render a package and read its files back; RuntimeError where press refuses."""
    done = press("render", "--data", data, "--output", output, "--to", ",".join(formats))
    if done.returncode:
        raise RuntimeError(f"press render: {done.stderr.strip()}")
    return read(output, formats)


def read(output: Path, formats: Sequence[str]) -> Rendered:
    """What the files in an output folder show, with what contradicts their own receipts."""
    lines = (output / "results.json").read_text(encoding="utf-8").splitlines()[1:]
    receipts = {line["id"]: str(line["text"]) for line in map(json.loads, lines)}
    whole = Rendered(receipts, {name: {} for name in formats}, {}, {}, {}, ())
    for document in DOCUMENTS:
        whole = joined_with(whole, _read_document(output, Path(document).stem, receipts, formats))
    return whole


def joined_with(one: Rendered, other: Rendered) -> Rendered:
    """What two documents of one render show together."""
    claims = {
        key: (*one.claims.get(key, ()), *other.claims.get(key, ()))
        for key in sorted({*one.claims, *other.claims})
    }
    return Rendered(
        one.receipts,
        values={name: {**one.values[name], **found} for name, found in other.values.items()},
        claims=claims,
        witness={**one.witness, **other.witness},
        typed={name: (*one.typed.get(name, ()), *found) for name, found in other.typed.items()},
        faults=one.faults + other.faults,
    )


def _read_document(
    output: Path, stem: str, receipts: Mapping[str, str], formats: Sequence[str]
) -> Rendered:
    blocks = {
        name: READERS[FORMATS[name]](output / f"{stem}.{ENDINGS[name]}").text for name in formats
    }
    page = article_of(blocks["html"])
    values: dict[str, dict[Place, set[str]]] = {}
    typed: dict[str, tuple[str, ...]] = {}
    faults: list[str] = []
    for name in formats:
        found = article_of(blocks[name])
        across = opposite(page, found)
        shown = values_of(page, found, across)
        values[name] = {(stem, key): texts for key, texts in shown.items()}
        typed[name] = typed_in(page, found, across)
        faults += stale(shown, receipts, name)
        faults += changed_words(page, found, across, name)
        if alts := alts_of(blocks[name]):
            faults += stale_alts(alts, ALTS[stem], receipts, name)
    claims, witness = said_in(output / f"{stem}.html")
    faults += [f"the claim {key} is not its receipt: {text}" for key, texts in claims.items()
               for text in texts if joined(text) != joined(receipts.get(key, ""))]  # fmt: skip
    return Rendered(receipts, values, claims, witness, typed, tuple(faults))


def article_of(blocks: Sequence[Block]) -> list[Token]:
    """The tokens up to the references; alternative texts stand elsewhere in each format."""
    ends = [
        i for i, b in enumerate(blocks) if b.kind == "heading" and b.tokens[0].text == "References"
    ]
    kept = blocks[: ends[-1]] if ends else blocks
    return [token for block in kept if block.kind != "alt" for token in block.tokens]


def alts_of(blocks: Sequence[Block]) -> list[list[str]]:
    """The numerals in each figure's alternative text."""
    alts = [block for block in blocks if block.kind == "alt"]
    return [[token.text for token in block.tokens if token.is_numeral] for block in alts]


def opposite(page: list[Token], found: list[Token]) -> dict[int, int]:
    """The place in a file of each token of the page."""
    pairs = align([token.text for token in page], [token.text for token in found])
    return {i: j for i, j in pairs if i is not None and j is not None}


def values_of(
    page: list[Token], found: list[Token], across: Mapping[int, int]
) -> dict[str, set[str]]:
    """The text of each key's values: what stands in a file where the page has the key's span."""
    values: dict[str, set[str]] = {}
    for source, run in groupby(range(len(page)), lambda i: page[i].source):
        if source.startswith(RECEIPT) and not source.startswith(CLAIM):
            text = "".join(found[across[i]].text for i in run if i in across)
            values.setdefault(source.removeprefix(RECEIPT), set()).add(text)
    return values


def typed_in(page: list[Token], found: list[Token], across: Mapping[int, int]) -> tuple[str, ...]:
    """The numerals of a file that stand opposite no value of the page."""
    computed = {j for i, j in across.items() if page[i].source.startswith(RECEIPT)}
    return tuple(t.text for j, t in enumerate(found) if t.is_numeral and j not in computed)


def said_in(page: Path) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """The sentences of each claim in the page, and its verdicts on the published facts."""
    tree = html.fromstring(page.read_bytes())
    claims: dict[str, tuple[str, ...]] = {}
    for span in tree.xpath("//span[contains(concat(' ', @class, ' '), ' claim ')]"):
        claims[span.get("data-key")] = (*claims.get(span.get("data-key"), ()), span.text_content())
    rows = [[cell.text_content().strip() for cell in row] for row in tree.xpath("//tbody/tr")]
    return claims, {cells[0]: cells[-1] for cells in rows if re.fullmatch(r"P\d+", cells[0])}


def joined(text: str) -> str:
    """A text as its tokens, without what is only typography."""
    return "".join(token.text for token in tokenise([(text, "")]))


def stale(shown: Mapping[str, set[str]], receipts: Mapping[str, str], name: str) -> Iterator[str]:
    """Values that are not the receipt of their key."""
    for key, texts in shown.items():
        for text in sorted(texts - {joined(receipts.get(key, ""))}):
            yield f"{name}: {key} shows “{text}”, its receipt “{receipts.get(key)}”"


def stale_alts(
    alts: list[list[str]], wanted_keys: Sequence[str], receipts: Mapping[str, str], name: str
) -> Iterator[str]:
    """Alternative texts whose numerals are not those of their receipts."""
    for number, (found, keys) in enumerate(zip(alts, wanted_keys, strict=True), start=1):
        texts = [(f"{receipts[key]} ", "") for key in keys.split()]
        wanted = [token.text for token in tokenise(texts) if token.is_numeral]
        if found != wanted:
            yield f"{name}: the alternative text of figure {number} says {found}, not {wanted}"


def changed_words(
    page: list[Token], found: list[Token], across: Mapping[int, int], name: str
) -> Iterator[str]:
    """Words of the page's claims that another format has otherwise."""
    for i, token in enumerate(page):
        if token.source.startswith(CLAIM):
            other = found[across[i]].text if i in across else None
            if other != token.text:
                yield f"{name}: {token.source} has “{other}” where the page has “{token.text}”"


# One mutation ---------------------------------------------------------------------------------


def compare(base: Rendered, now: Rendered, row: Row) -> None:
    """Which receipts, values and claims differ; every disagreement between these is a fault."""
    common = base.receipts.keys() & now.receipts.keys()
    moved = {key for key in common if base.receipts[key] != now.receipts[key]}
    row.receipts = len(moved) + len(base.receipts.keys() ^ now.receipts.keys())
    for name, values in now.values.items():
        both = base.values[name].keys() & values.keys()
        differ = {key for key in both if base.values[name][key] != values[key]}
        follow = {place for place in both if place[1] in moved}
        row.values[name] = len(differ)
        row.shown = max(row.shown, len(follow))
        for _, key in sorted(differ ^ follow):
            is_stale = "did not follow" if key in moved else "differs without"
            row.faults.append(f"{name}: {key} {is_stale} its receipt")
        if base.typed[name] != now.typed[name]:
            row.faults.append(f"{name}: a number that is no value differs")
    row.claims = sum(base.receipts.get(key) != now.receipts[key] for key in now.claims)
    row.faults += now.faults


def judge_claims(shown: Rendered, truth: Truth, row: Row) -> None:
    """Judge every claim and verdict shown by the tables alone."""
    for key, texts in shown.claims.items():
        for text in texts:
            found = judge(text, truth)
            row.sentences += 1
            row.statements += found.statements
            row.faults += [f"{key}: {fault}" for fault in found.faults]
    for number in WITNESS:
        row.statements += 1
        if not is_witness_right(number, shown.witness[number], truth):
            row.faults.append(f"witness {number}: “{shown.witness[number]}” is not so")


def attempt(package: Package, mutation: Mutation, folder: Path) -> Row:
    """Render one mutated package and say what came of it."""
    row = Row(f"{package.label}: {mutation.name}")
    data, output = folder / "data", folder / "output"
    formats = tuple(FORMATS) if mutation.in_full else QUICK
    try:
        mutation.write(package.data, data)
        now = render(data, output, formats)
        compare(package.read, now, row)
        judge_claims(now, Truth(data), row)
    except Exception as error:  # of whatever kind: the other mutations are tried all the same
        row.faults.append(f"{type(error).__name__}: {error}")
        return row
    if mutation.in_full:
        done = press("check", "--data", data, "--output", output)
        row.faults += done.stdout.splitlines()[:5] if done.returncode else []
    return row


def packages(folder: Path) -> list[Package]:
    """The shipped package and one of twelve patients, rendered as they are."""
    write_package(folder / "twelve", n_patients=12, seed=SEED)
    found = []
    for label, source, n_patients in (("6", ROOT / "data", 6), ("12", folder / "twelve", 12)):
        data = folder / f"data-{n_patients}"
        Mutation("as it is", lambda tables: None).write(source, data)
        shown = render(data, folder / f"output-{n_patients}", tuple(FORMATS))
        if shown.faults:
            raise RuntimeError("\n".join(shown.faults))
        found.append(Package(label, data, n_patients, shown))
    return found


def _in_folder(item: tuple[Package, Mutation], keep: Path | None) -> Row:
    package, mutation = item
    if keep is None:
        with tempfile.TemporaryDirectory() as temporary:
            return attempt(package, mutation, Path(temporary))
    folder = keep / re.sub(r"\W+", "-", f"{package.label} {mutation.name}")
    folder.mkdir(parents=True)
    return attempt(package, mutation, folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try every mutation; 0 when all hold, 1 when one fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutate")
    parser.add_argument("--cohorts", metavar="N", type=int, default=COHORTS)
    parser.add_argument("--only", metavar="WORDS", default="", help="mutations named so")
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="keep packages and outputs")
    options = parser.parse_args(arguments)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        items = _items(packages(Path(folder)), options.cohorts, options.only)
        print(HEAD, flush=True)
        rows = []
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            for row in pool.map(partial(_in_folder, keep=options.keep), items):
                faults = [f"    {fault}" for fault in dict.fromkeys(row.faults)]
                print("\n".join([str(row), *faults]), flush=True)
                rows.append(row)
    return _sum_up(rows, time.monotonic() - start)


def _items(found: list[Package], cohorts: int, only: str) -> list[tuple[Package, Mutation]]:
    named = sum(len(mutations(package.n_patients, 0)) for package in found)
    n_random = max(0, cohorts - named)
    items: list[tuple[Package, Mutation]] = []
    for i, package in enumerate(found):
        share = (n_random + i) // len(found)
        items += [(package, mutation) for mutation in mutations(package.n_patients, share)]
    return [item for item in items if only in f"{item[0].label}: {item[1].name}"][:cohorts]


def _sum_up(rows: list[Row], seconds: float) -> int:
    failed = [row for row in rows if row.faults]
    sentences, statements = sum(r.sentences for r in rows), sum(r.statements for r in rows)
    values = sum(sum(row.values.values()) for row in rows)
    print(
        f"{len(rows)} mutated cohorts in {seconds:.0f} s; {values} values followed their receipts; "
        f"{sentences} sentences were judged by {statements} statements; failed: {len(failed)}"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
