"""The article from end to end: `press render` of three data packages, and what each output says."""

import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lxml import etree, html

from analysis.dictionary import record
from analysis.simulate import write_package
from press.journals.checklists import find_answers, read_checklist

ROOT = Path(__file__).resolve().parent.parent
OUTPUTS = ("manuscript.html", "manuscript.pdf", "manuscript.docx", "manuscript.xml")
HOSTILE = "<b>a</b> *b* #let x $y$ [c](d) | @e {{< f >}} \\g _h_ `i`"  # 53 characters
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")


def press(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run `press` in the repository."""
    command = [sys.executable, "-m", "press.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Rendered:
    """A data package and what was rendered from it."""

    data: Path
    output: Path

    @property
    def page(self) -> html.HtmlElement:
        """The HTML, parsed."""
        return html.fromstring((self.output / "manuscript.html").read_bytes())

    @property
    def receipts(self) -> dict[str, dict[str, Any]]:
        """The receipts beside the output, by id."""
        lines = (self.output / "results.json").read_text(encoding="utf-8").splitlines()
        return {line["id"]: line for line in map(json.loads, lines[1:])}

    def words(self, poppler: str | None = None) -> dict[str, str]:
        """The text of each output, white space made one space."""
        texts = {
            "html": self.page.text_content(),
            "docx": " ".join(_paragraphs(self.output / "manuscript.docx")),
            # What the other formats have in attributes, JATS has in an element.
            "jats": "".join(
                etree.parse(self.output / "manuscript.xml").xpath("//text()[not(parent::alt-text)]")
            ),
        }
        if poppler:
            command = [poppler, str(self.output / "manuscript.pdf"), "-"]
            texts["pdf"] = subprocess.check_output(command, text=True)
        return {name: " ".join(text.split()) for name, text in texts.items()}


def _paragraphs(docx: Path) -> list[str]:
    with zipfile.ZipFile(docx) as package:
        document = etree.fromstring(package.read("word/document.xml"))
    paragraphs = document.iter(f"{WORD}p")
    return ["".join(text.text or "" for text in each.iter(f"{WORD}t")) for each in paragraphs]


def rendered(data: Path, output: Path, *options: str) -> Rendered:
    """Render a data package, which must succeed."""
    done = press("render", "--data", data, "--output", output, *options)
    assert done.returncode == 0, done.stderr
    return Rendered(data, output)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The six simulated patients of the simulator, in four formats."""
    folder = tmp_path_factory.mktemp("shipped")
    write_package(folder / "data")
    return rendered(folder / "data", folder / "output")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """Forty patients, recorded as observed, with a hostile name for an adverse event."""
    folder = tmp_path_factory.mktemp("other")
    write_package(folder / "data", n_patients=40, seed=40)
    events = pd.read_csv(folder / "data" / "adverse_events.csv", dtype=str)
    events.loc[0, "term"] = HOSTILE
    events.to_csv(folder / "data" / "adverse_events.csv", index=False)
    declare(folder / "data", provenance={"kind": "observed", "description": "d", "source": "s"})
    record(folder / "data")
    return rendered(folder / "data", folder / "output")


def declare(folder: Path, **properties: object) -> None:
    """Replace properties of a package's descriptor."""
    file = folder / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8")) | properties
    file.write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")


@pytest.mark.parametrize("cohort", ["shipped", "other"])
def test_every_value_is_its_receipt(cohort: str, request: pytest.FixtureRequest) -> None:
    """Every computed value in the HTML shows the text of the receipt that its key names."""
    article: Rendered = request.getfixturevalue(cohort)
    receipts = article.receipts
    values = article.page.xpath("//span[contains(concat(' ', @class, ' '), ' value ')]")
    assert len(values) > 200
    for value in values:
        assert value.text_content() == receipts[value.get("data-key")]["text"]


def test_other_data_give_their_own_numbers(other: Rendered) -> None:
    """The numbers are those that pandas alone computes from the forty patients' tables."""
    tables = {path.stem: pd.read_csv(path) for path in other.data.glob("*.csv")}
    visits, events = tables["visits"], tables["adverse_events"]
    cycles = tables["cycles"]
    treated = set(cycles["patient_id"])
    base = visits[visits["visit_day"].between(-28, 0)].sort_values("visit_day")
    base = base.groupby("patient_id").tail(1).set_index("patient_id")
    near = visits[visits["cycle"].notna() & visits["visit_day"].between(138, 228)].copy()
    near["distance"] = (near["visit_day"] - 183).abs()
    near = near.sort_values(["distance", "visit_day"]).groupby("patient_id").head(1)
    change = (near.set_index("patient_id")["mrc_sum_score"] - base["mrc_sum_score"]).dropna()
    change = change[change.index.isin(treated)]
    said = {key: line["value"] for key, line in other.receipts.items()}
    assert said["cohort.treated.n"] == len(treated)
    assert said["strength.pairs.n"] == len(change)
    assert said["strength.change.mean"] == pytest.approx(change.mean(), rel=1e-11)
    assert said["strength.change.sd"] == pytest.approx(change.std(ddof=1), rel=1e-11)
    assert said["strength.higher.n"] == (change > 0).sum()
    assert said["strength.lower.n"] == (change < 0).sum()
    assert said["treatment.cycles.n"] == len(cycles)
    assert said["safety.events.n"] == len(events)
    assert said["safety.patients.n"] == events["patient_id"].nunique()
    assert said["safety.cycles.n"] == len(events[["patient_id", "cycle"]].drop_duplicates())
    assert said["safety.maximum_grade"] == events["ctcae_grade"].max()
    means = f"{change.mean():+.1f}".replace("-", "−")
    assert all(f"{means} points" in text for text in other.words().values())


@pytest.mark.parametrize("cohort", ["shipped", "other"])
def test_formats_have_the_same_numerals(
    cohort: str, request: pytest.FixtureRequest, poppler: str
) -> None:
    """From the introduction to the declarations the four formats have the same numerals."""
    article: Rendered = request.getfixturevalue(cohort)
    texts = article.words(poppler)
    # What only one format has: running heads and page numbers, patients' names in SVG figures.
    found = {name: Counter(NUMERAL.findall(_body(text))) for name, text in texts.items()}
    for name in ("docx", "jats"):
        assert found[name] == found["html"], name
    missing = found["html"] - found["pdf"]
    assert not missing, f"in the HTML and not in the PDF: {missing}"


def _body(text: str) -> str:
    """The text from the introduction to the declarations."""
    start, end = text.rindex("are rare diseases of muscle"), text.rindex("Ethics approval")
    return text[start:end]


@pytest.mark.parametrize("name", ["strobe", "care"])
def test_the_article_answers_its_checklists(shipped: Rendered, other: Rendered, name: str) -> None:
    """Every item is found on a page, or owned as not applicable, whatever the data."""
    source = (ROOT / "manuscript.qmd").read_text(encoding="utf-8")
    checklist = read_checklist(ROOT, name)
    for made in (shipped, other):
        rows, faults = find_answers(checklist, made.output / "manuscript.pdf", source)
        assert [str(fault) for fault in faults] == []
        assert len(rows) == len(checklist.items)


def test_simulated_data_say_so(shipped: Rendered, poppler: str) -> None:
    """Title block, abstract, every caption and the metadata of each output name the simulation."""
    page, texts = shipped.page, shipped.words(poppler)
    for name, text in texts.items():
        assert text.count("Simulated data: the patients in this article do not exist.") >= 2, name
        assert "A re-edition, on simulated data, of Sunzini et al. (2013)" in text, name
    captions = page.xpath("//figcaption")
    assert len(captions) == 8
    assert all("Simulated data." in caption.text_content() for caption in captions)
    assert page.xpath("//meta[@name='description'][contains(@content, 'Simulated data')]")
    assert not page.xpath("//meta[starts-with(@name, 'citation_')]")
    assert b"simulated" in (shipped.output / "manuscript.pdf").read_bytes().lower()
    with zipfile.ZipFile(shipped.output / "manuscript.docx") as package:
        assert "Simulated data" in package.read("docProps/core.xml").decode()


def test_observed_data_carry_no_notice(other: Rendered, poppler: str) -> None:
    """With observed, recorded data no output speaks of simulation or a draft."""
    for name, text in other.words(poppler).items():
        found = re.search(r".{40}(?:simulated|re-edition|unrecorded).{40}", text, re.IGNORECASE)
        assert found is None, (name, found)


def test_text_from_data_arrives_as_text(other: Rendered, poppler: str) -> None:
    """Markdown, HTML and typst in a cell are shown, not obeyed."""
    for name, text in other.words(poppler).items():
        assert HOSTILE.replace(" ", "") in text.replace(" ", "").replace("\u00ad", ""), name
    assert not other.page.xpath("//td//b")


def test_unrecorded_tables_make_a_draft(tmp_path: Path) -> None:
    """A table that no longer matches its checksum renders, marked as a draft."""
    write_package(tmp_path / "data", n_patients=3, seed=3)
    table = tmp_path / "data" / "patients.csv"
    table.write_text(table.read_text().replace("female", "male"))
    article = rendered(tmp_path / "data", tmp_path / "output", "--to", "html")
    assert article.page.text_content().count("Draft on unrecorded data") >= 10


def test_bad_data_change_nothing(tmp_path: Path) -> None:
    """Bad data give one report with every fault and exit status 2; earlier outputs stay."""
    write_package(tmp_path / "data")
    visits = tmp_path / "data" / "visits.csv"
    lines = visits.read_text().splitlines()
    lines[1] = lines[1].replace(lines[1].split(",")[1], "tomorrow", 1)
    lines[3] = lines[2]
    visits.write_text("\n".join(lines) + "\n")
    (tmp_path / "data" / "cycles.csv").unlink()
    output = tmp_path / "output"
    output.mkdir()
    (output / "manuscript.html").write_text("earlier")
    before = (ROOT / "results.json").read_bytes()
    done = press("render", "--data", tmp_path / "data", "--output", output)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for part in ("visits.csv", "visit_day: expected a whole", "cycles.csv", "row 2", "row 4"):
        assert part in done.stderr, done.stderr
    assert [path.name for path in output.iterdir()] == ["manuscript.html"]
    assert (output / "manuscript.html").read_text() == "earlier"
    assert (ROOT / "results.json").read_bytes() == before


def test_outputs_are_whole(shipped: Rendered) -> None:
    """The four files stand side by side, the HTML needs no other file, JATS finds its figures."""
    for name in OUTPUTS:
        assert (shipped.output / name).stat().st_size > 10_000
    page = shipped.page
    linked = page.xpath("//@src | //link/@href | //script/@src")
    assert all(str(target).startswith("data:") for target in linked)
    assert (shipped.output / "manuscript.html").stat().st_size < 1_000_000
    article = etree.parse(shipped.output / "manuscript.xml")
    graphics = article.xpath("//graphic/@*[local-name()='href']")
    assert len(graphics) == 4
    for graphic in graphics:
        assert (shipped.output / str(graphic)).is_file()


def test_nothing_is_unresolved(shipped: Rendered, poppler: str) -> None:
    """No output shows a raw reference, inline code, an undefined number or raw markup."""
    for name, text in shipped.words(poppler).items():
        for sign in ("@fig", "@tbl", "{python}", " nan", "None ", "??", "{.value"):
            assert sign not in text.replace("None of these", ""), (name, sign)


def test_figures_have_alternative_text(shipped: Rendered) -> None:
    """Each figure's alternative text is computed, in HTML and DOCX."""
    images = shipped.page.xpath("//figure//img")
    assert len(images) == 4
    receipts = shipped.receipts
    for image in images:
        assert receipts["cohort.treated.n"]["text"] in image.get("alt")
    with zipfile.ZipFile(shipped.output / "manuscript.docx") as package:
        document = etree.fromstring(package.read("word/document.xml"))
    described = document.xpath("//*[local-name()='docPr']/@descr")
    assert sorted(described) == sorted(image.get("alt") for image in images)
