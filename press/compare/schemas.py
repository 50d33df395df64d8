"""The descriptors of two data packages in, sentences on how they differ out.

A descriptor can hold row values: rows inline, examples, and for a key what its values may be, such
as the list of all keys. They are compared, and shown only with `rows`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

Descriptor = Mapping[str, Any]
_EXAMPLES = frozenset({"data", "example", "examples"})
"""What holds row values: the rows of a resource inline, examples of a field."""
_VALUES = frozenset({"constraints", "categories", "missingValues"})
"""What may hold the keys of rows where the field is one."""
_HIDDEN = "(hidden)"


def schema_changes(
    old: Mapping[str, Descriptor], new: Mapping[str, Descriptor], *, rows: bool
) -> Iterator[str]:
    """How the schemas of the tables differ, which come by the names of the tables."""
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in new:
            yield f"table {name} is gone"
        elif name not in old:
            yield f"table {name} is new"
        else:
            yield from _table(name, old[name], new[name], rows=rows)


def fields_of(schema: Descriptor) -> dict[str, Descriptor]:
    """The fields of a schema by name."""
    return {str(item.get("name")): item for item in schema.get("fields") or []}


def _table(name: str, old: Descriptor, new: Descriptor, *, rows: bool) -> Iterator[str]:
    before, after = fields_of(old), fields_of(new)
    keys = {*_keys(old), *_keys(new)}
    for field_name in [*before, *(field_name for field_name in after if field_name not in before)]:
        place = f"{name}.{field_name}"
        hidden = frozenset() if rows else _EXAMPLES | (_VALUES if field_name in keys else set())
        if field_name not in after:
            yield f"field {place} is gone"
        elif field_name not in before:
            yield f"field {place} is new ({after[field_name].get('type')})"
        else:
            yield from _differences(place, before[field_name], after[field_name], hidden=hidden)
    rest = [{k: v for k, v in schema.items() if k != "fields"} for schema in (old, new)]
    yield from _differences(name, *rest, hidden=frozenset() if rows else _EXAMPLES)


def _keys(schema: Descriptor) -> list[str]:
    """The fields that name a row of this table or another."""
    foreign = [item.get("fields") for item in schema.get("foreignKeys") or []]
    return [name for key in (schema.get("primaryKey"), *foreign) for name in as_list(key)]


def package_changes(
    old: Descriptor, new: Descriptor, changed: Collection[str], *, rows: bool
) -> Iterator[str]:
    """Version, provenance, licence: everything but schemas, and checksums of `changed` tables."""
    hidden = frozenset() if rows else _EXAMPLES
    plain = [{k: v for k, v in of.items() if k != "resources"} for of in (old, new)]
    yield from _differences("", *plain, hidden=hidden)
    before, after = (
        {name: {k: v for k, v in item.items() if k not in _left_out(name in changed)}
         for item in of["resources"] for name in [str(item["name"])]}
        for of in (old, new)
    )  # fmt: skip
    for name in before:
        if name in after:
            yield from _differences(name, before[name], after[name], hidden=hidden)


def _left_out(is_changed: bool) -> tuple[str, ...]:
    """What a table's description says of its rows goes without saying where these changed."""
    return ("schema", "bytes", "hash") if is_changed else ("schema",)


def without_rows(descriptor: Descriptor) -> Descriptor:
    """A descriptor without what may hold row values."""
    shown = dict(_without(descriptor, _EXAMPLES))
    schemas = [item.get("schema") or {} for item in shown["resources"]]
    for schema in schemas:
        keys = _keys(schema)
        fields = schema.get("fields") or []
        schema["fields"] = [_without(of, _VALUES) if of.get("name") in keys else of
                            for of in fields]  # fmt: skip
    return shown


def shared_key(schemas: Iterable[Descriptor]) -> set[str]:
    """The columns that are in the key of every table that has one: who a row is of."""
    keys = [set(as_list(schema.get("primaryKey"))) for schema in schemas]
    return set.intersection(*filter(None, keys)) if any(keys) else set()


def _differences(
    place: str, old: Descriptor, new: Descriptor, *, hidden: Collection[str]
) -> Iterator[str]:
    """A sentence for each key of two mappings whose value differs, those inside included."""
    for key in [*old, *(key for key in new if key not in old)]:
        before, after = old.get(key), new.get(key)
        name = f"{place}.{key}" if place else str(key)
        if before == after:
            continue
        if key in hidden:
            yield f"{name} changed (it may hold row values; --rows shows them)"
        elif isinstance(before, dict) and isinstance(after, dict):
            yield from _differences(name, before, after, hidden=hidden)
        else:
            yield f"{name}: {_shown(before, hidden)} -> {_shown(after, hidden)}"


def _shown(value: Any, hidden: Collection[str]) -> str:
    if value is None:
        return "(nothing)"
    visible = _without(value, hidden)
    text = visible if isinstance(visible, str) else json.dumps(visible, ensure_ascii=False)
    return text if text else '""'


def _without(value: Any, hidden: Collection[str]) -> Any:
    """The value with what is hidden replaced, at any depth."""
    if isinstance(value, dict):
        return {key: _HIDDEN if key in hidden else _without(item, hidden)
                for key, item in value.items()}  # fmt: skip
    return [_without(item, hidden) for item in value] if isinstance(value, list) else value


def as_list(value: Any) -> list[str]:
    """The names in a list, or the one that stands for itself; none for nothing."""
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
