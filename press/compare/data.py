"""Two data packages in; rows added, removed and changed, and changes of schemas and files, out.

A package is a folder with a datapackage.json and the tables that it names. Cells are compared as
the text that stands in the files. Who asks without `rows` gets counts by table and field only:
keys are pseudonyms, and as much a row's value as any other cell, and so may be the name of a column
that the descriptor does not have, where a file lost its first line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from press.compare.schemas import as_list, package_changes, schema_changes
from press.compare.tables import BEYOND, READ, Package, Row, Table, said_of

OTHER = "(columns that the descriptor does not name)"
"""Stands for columns whose name may be a row's value."""
Key = tuple[str, ...]
Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Cell:
    """One changed cell: only made when row values are to be shown."""

    key: Key
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class TableChange:
    """What differs in one table; `fields` counts the changed cells of each field.

    `added_rows`, `removed_rows` and `cells` stay empty when row values are hidden.
    """

    name: str
    key: Key
    added: int = 0
    removed: int = 0
    changed: int = 0
    fields: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    added_rows: Rows = ()
    removed_rows: Rows = ()
    cells: tuple[Cell, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether a row differs."""
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class DataChange:
    """What differs between two packages; `rows` says whether row values are in it.

    `schema` are changes of tables, fields and keys, in the descriptors and in the files, `package`
    those of everything else that the descriptors say (version, provenance, checksums), both as
    sentences; `notes` say what could not be compared. Unless the package `is_whole`, a file of one
    of them is not as its descriptor says.
    """

    rows: bool
    tables: tuple[TableChange, ...]
    schema: tuple[str, ...]
    package: tuple[str, ...]
    notes: tuple[str, ...]
    is_whole: bool = True

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return bool(self.schema or self.package or any(table.is_changed for table in self.tables))


def compare_packages(old: Package, new: Package, *, rows: bool = False) -> DataChange:
    """What differs; tables and fields that both have are compared, the others named."""
    names = [name for name in new.schemas if name in old.schemas]
    both = [name for name in names if old.tables[name].state == new.tables[name].state == READ]
    tables = {name: _compare_table(name, old, new, rows=rows) for name in both}
    schema = [*schema_changes(old.schemas, new.schemas, rows=rows)]
    schema += [said for name in names
               for said in _files(old.tables[name], new.tables[name], rows=rows)]  # fmt: skip
    notes = ["the schemas or files differ: tables and fields that both packages have are compared"]
    notes = notes if schema else []
    notes += [said for name, change in tables.items()
              for said in _written(old.tables[name], new.tables[name], change)]  # fmt: skip
    faults = [*old.faults(rows=rows), *new.faults(rows=rows)]
    changed = {name: change for name, change in tables.items() if change.is_changed}
    return DataChange(
        rows,
        tuple(changed.values()),
        tuple(schema),
        tuple(package_changes(old.descriptor, new.descriptor, changed, rows=rows)),
        (*notes, *faults),
        is_whole=not faults,
    )


# Files ------------------------------------------------------------------------------------------


def _files(old: Table, new: Table, *, rows: bool) -> Iterator[str]:
    """How the files of a table differ in what is not as the descriptor says."""
    if old.state != new.state:
        yield f"{new.file}: {old.state} -> {new.state}"
    elif old.state != READ and old.content != new.content:
        yield f"{new.file}: {new.state}, and the files differ"
    for what in dict.fromkeys([*old.form, *new.form]):
        before, after = old.form.get(what), new.form.get(what)
        if before != after:
            texts = [said_of(what, found, rows=rows) for found in (before, after)]
            others = ", others" if texts[0] == texts[1] else ""
            yield f"{new.file}: {what}: {' -> '.join(texts)}{others}"


def _written(old: Table, new: Table, change: TableChange) -> Iterator[str]:
    """What differs in the files of a table though it changes no row."""
    ours, theirs = ([name for name in of.columns if name in both]
                    for both in [{*old.columns} & {*new.columns}] for of in (old, new))  # fmt: skip
    if not ours:
        yield f"{new.file}: the files have no column in common, so that no row is compared"
    elif ours != theirs:
        yield f"{new.file}: the columns stand in another order"
    elif (
        old.content != new.content
        and not change.is_changed
        and (old.columns, old.form) == (new.columns, new.form)
    ):
        yield f"{new.file}: the rows are the same; their order, line ends or quotation marks differ"


# Rows -------------------------------------------------------------------------------------------


def _compare_table(name: str, old: Package, new: Package, *, rows: bool) -> TableChange:
    before, after = old.tables[name], new.tables[name]
    common = [column for column in before.columns if column in after.columns]
    if not common:  # said of the files
        return TableChange(name, ())
    keys = [tuple(as_list(of.schemas[name].get("primaryKey"))) for of in (old, new)]
    key, why = keys[0], ""
    if keys[0] != keys[1]:
        why = "its key changed"
    elif not key:
        why = "it has no key"
    elif not set(key) <= set(common):
        why = "a column of its key is missing"
    elif any(len(set(_keys(of.rows, key))) < len(of.rows) for of in (before, after)):
        why = "a key stands there twice"
    columns = [*common, BEYOND]
    if why:
        note = f"{why}: rows are compared as wholes"
        found = _compare_whole(name, columns, before.rows, after.rows, note)
    else:
        found = _compare_by_key(name, key, columns, before.rows, after.rows)
    names = {BEYOND, *old.names(name), *new.names(name)}
    return found if rows else _hidden(found, names)


def _keys(table: Rows, key: Key) -> list[Key]:
    return [tuple(row[name] for name in key) for row in table]


def _compare_by_key(
    table: str, key: Key, columns: Sequence[str], before: Rows, after: Rows
) -> TableChange:
    old = dict(zip(_keys(before, key), before, strict=True))
    new = dict(zip(_keys(after, key), after, strict=True))
    cells = [
        Cell(at, name, old[at].get(name, ""), row.get(name, ""))
        for at, row in new.items()
        if at in old
        for name in columns
        if old[at].get(name, "") != row.get(name, "")
    ]
    added, removed = [at for at in new if at not in old], [at for at in old if at not in new]
    return TableChange(
        table,
        key,
        len(added),
        len(removed),
        len({cell.key for cell in cells}),
        dict(Counter(cell.field for cell in cells)),
        added_rows=tuple(new[at] for at in added),
        removed_rows=tuple(old[at] for at in removed),
        cells=tuple(cells),
    )


def _hidden(change: TableChange, names: Collection[str]) -> TableChange:
    """A change without values; a column of another name than these may have one as its name."""
    fields: Counter[str] = Counter()
    for name, count in change.fields.items():
        fields[name if name in names else OTHER] += count
    return replace(change, fields=dict(fields), added_rows=(), removed_rows=(), cells=())


def _compare_whole(
    name: str, columns: Sequence[str], before: Rows, after: Rows, note: str
) -> TableChange:
    """Without a key a changed row is one removed and one added."""
    old, new = (
        Counter(tuple(row.get(column, "") for column in columns) for row in table)
        for table in (before, after)
    )
    added, removed = (
        tuple({column: cell for column, cell in zip(columns, cells, strict=True)
               if cell or column != BEYOND} for cells in more.elements())
        for more in (new - old, old - new)
    )  # fmt: skip
    return TableChange(name, (), len(added), len(removed), notes=(note,),
                       added_rows=added, removed_rows=removed)  # fmt: skip
