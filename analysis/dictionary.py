"""A data package's descriptor in, its checksums and its README with the data dictionary out.

    python -m analysis.dictionary FOLDER

records size and SHA-256 of every table in FOLDER/datapackage.json and writes FOLDER/README.md.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tabulate import tabulate

if __name__ == "__main__":  # run as a file, it finds the package beside it, installed or not
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from analysis.errors import DataError
from analysis.load import DESCRIPTOR, load_package, recorded_hash, resources_by_name
from analysis.schema import limits
from analysis.study import TABLES
from analysis.validate import read_study

SIMULATED = """\
**These data are simulated. No row describes a person.** The patients of the published study
(Sunzini et al., 2013) are not public."""

SIMULATOR = """\
The simulator's model was shaped after the facts of the published abstract (all three diagnoses,
stronger at follow-up, lower CK, mild adverse events, response lost later). That a cohort made so
meets the facts proves nothing about IVIg."""

OBSERVED = "These data were observed. What may appear about one participant is laid down below."

PROCEDURE = """\
## A new data cut

`press update NEW` takes an Excel workbook or a folder with a data package, reports every fault, and
shows what changes; with `--accept` it replaces the tables, raises `version`, records the checksums
and renews this README. `provenance` then says that the tables came in a workbook, or what a folder
says of its own tables. Or by hand:

1. Edit or replace the tables. Keep the header lines; leave a cell empty where a value is missing.
2. Raise `version` in `datapackage.json`, and correct `provenance` there if it changed
   (`simulated` or `observed`).
3. Record the checksums and renew this README: `python -m analysis.dictionary FOLDER`.

Until step 3 the article is rendered as a draft on unrecorded data.
A new field, bound or allowed value is defined in `datapackage.json`, nowhere else.

## Observed data

Observed data do not belong into version control. Keep them, with a `datapackage.json` of their own
whose `provenance.kind` is `observed`, in a folder that `.gitignore` lists (`/data-observed/`), and
name that folder in the environment variable `STUDY_DATA`:

    STUDY_DATA=data-observed press update NEW
    STUDY_DATA=data-observed press render

No table holds a name, a date of birth or a date: days count from the first infusion, and the year
of the first infusion is the only calendar value."""


def record(folder: Path) -> None:
    """Write the checksums of the tables and the README of the data package in `folder`.

    Raises DataError, and writes nothing, when the package has faults.
    """
    read_study(folder)
    package = load_package(folder)
    descriptor = package.descriptor
    for name, resource in resources_by_name(descriptor).items():
        digest, n_bytes = package.checksums[name]
        resource |= {"bytes": n_bytes, "hash": f"sha256:{digest}"}
    write_descriptor(folder, descriptor)
    (folder / "README.md").write_text(readme(descriptor), encoding="utf-8", newline="\n")


def write_descriptor(folder: Path, descriptor: Mapping[str, Any]) -> None:
    """Write `descriptor` as the folder's datapackage.json."""
    text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    (folder / DESCRIPTOR).write_text(text, encoding="utf-8", newline="\n")


def readme(descriptor: Mapping[str, Any]) -> str:
    """The README of a data package, from its valid descriptor alone."""
    provenance, privacy = descriptor["provenance"], descriptor["privacy"]
    resources = resources_by_name(descriptor)
    is_simulated = provenance["kind"] == "simulated"
    may_appear = ", ".join(privacy["patient_characteristics"]) or "nothing"
    parts = [
        f"# {descriptor.get('title', 'Data')}",
        f"Written by `python -m analysis.dictionary` from `{DESCRIPTOR}`; do not edit.",
        SIMULATED if is_simulated else OBSERVED,
        f"Version of the data: {descriptor['version']}. Licence: {_licences(descriptor)}.",
        "About one participant there may appear, besides treatment and outcomes: "
        f"{may_appear}. Ages are given in bands of {privacy['age_band_years']} years.",
        "## Provenance",
        provenance.get("description", ""),
        _files(resources, provenance, recorded_hash(descriptor)),
        _regeneration(provenance, recorded_hash(descriptor)),
        PROCEDURE,
        _dates(descriptor.get("time_origin")),
        "## Dictionary",
        "Tables are UTF-8 text, cells separated by commas; a missing value is an empty cell; days "
        "count from the first day of the first infusion (day 0).",
        *(_dictionary(resources[name]) for name in TABLES),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _dates(origin: Mapping[str, Any] | None) -> str:
    """What a workbook may give as dates, and what becomes of them."""
    if origin is None:
        return ""
    days = ", ".join(f"`{name}`" for name in origin["days"])
    text = (
        f"In a workbook these columns may hold dates: {days}. Each date becomes whole days from "
        f"the earliest date in `{origin['first']}` with the same `{origin['per']}` and is not kept"
    )
    year = (
        f"; `{origin['year']}` may be left empty and is that date's year"
        if "year" in origin
        else ""
    )
    return f"{text}{year} (`time_origin` in `{DESCRIPTOR}`)."


def _licences(descriptor: Mapping[str, Any]) -> str:
    licences = [str(licence.get("name")) for licence in descriptor.get("licenses", [])]
    return ", ".join(licences) or "none given"


def _files(
    resources: Mapping[str, Mapping[str, Any]], provenance: Mapping[str, Any], recorded_hash: str
) -> str:
    """The tables with their source; of tables edited since a program made them, both."""
    is_edited = provenance.get("data_hash", recorded_hash) != recorded_hash
    parts = [_code(provenance.get("source", "")), "then edited" if is_edited else ""]
    source = ", ".join(filter(None, parts))
    rows = [
        [
            f"`{resources[name]['path']}`",
            resources[name].get("title", name),
            provenance["kind"],
            source,
            _code(resources[name].get("hash", "not recorded").removeprefix("sha256:")[:12]),
        ]
        for name in TABLES
    ]
    return _table(rows, ["file", "content", "kind", "source", "SHA-256 begins"])


def _regeneration(provenance: Mapping[str, Any], recorded_hash: str) -> str:
    """What the simulator did for these tables; nothing where it is not said to have made any."""
    if provenance["kind"] != "simulated" or "data_hash" not in provenance:
        return ""
    command = str(provenance.get("source", "")).replace("simulate ", "simulate FOLDER ", 1)
    if provenance.get("data_hash") == recorded_hash:
        about = (
            "writes the same tables again, byte for byte, with a `datapackage.json` and a README."
        )
    else:
        about = "wrote the first version of these tables; they have been edited since."
    return (
        f"## Simulation\n\n{SIMULATOR}\n\n    {command}\n\n{about} "
        "Another seed or number of patients gives another cohort, which need not meet the facts of "
        "the abstract."
    )


def _dictionary(resource: Mapping[str, Any]) -> str:
    schema = resource["schema"]
    key = schema["primaryKey"]
    names = ", ".join(f"`{name}`" for name in ([key] if isinstance(key, str) else key))
    rows = [
        [
            f"`{field['name']}`",
            field.get("title", ""),
            field["type"],
            "" if field.get("unit", "1") == "1" else field["unit"],
            _code(limits(field)),
            "no" if field.get("constraints", {}).get("required") else "yes",
            field.get("description", ""),
        ]
        for field in schema["fields"]
    ]
    columns = ["field", "label", "type", "unit", "allowed", "may be missing", "meaning"]
    about = f"{resource.get('description', '')}; key: {names}."
    return f"### `{resource['path']}`\n\n{about}\n\n{_table(rows, columns)}"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(rows: Sequence[Sequence[object]], columns: Sequence[str]) -> str:
    cells = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return tabulate(cells, headers=columns, tablefmt="github", disable_numparse=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Record the data package named on the command line; 0 when done, 2 when it is faulty."""
    parser = argparse.ArgumentParser(prog="python -m analysis.dictionary")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder
    try:
        record(folder)
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
