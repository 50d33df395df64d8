"""The content of a datapackage.json in; out come its faults, and in words what a field may hold."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from frictionless import FrictionlessException, Schema

from analysis.errors import Fault
from analysis.load import DESCRIPTOR, is_inside, resources_by_name
from analysis.study import (
    KEYS,
    MAY_BE_MISSING,
    PATIENT_CHARACTERISTICS,
    PROVENANCE_KINDS,
    TABLES,
    TYPES,
)

KINDS = {
    "integer": "a whole number",
    "number": "a number with a decimal point and no thousands separator",
}

# What the library raises, besides its own exception, on a schema that is wrong in type or pattern.
UNUSABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, re.error)


def expectation(field: Mapping[str, Any]) -> str:
    """What a cell of `field` may hold, as a phrase that follows the word "expected"."""
    kind = KINDS.get(field["type"], "text")
    if field["type"] == "boolean":
        names = [*field.get("trueValues", ["true"]), *field.get("falseValues", ["false"])]
        kind = " or ".join(map(str, names))
    phrase = f"{kind}: {limits(field)}" if limits(field) else kind
    if "pattern" in field.get("constraints", {}) and field.get("description"):
        phrase += f" (in the dictionary: {field['description']})"
    unit = field.get("unit", "1")
    return phrase if unit == "1" else f"{phrase} {unit}"


def limits(field: Mapping[str, Any]) -> str:
    """The bounds and allowed values of `field`, such as "0 to 60"; empty without any.

    A pattern is told by the field's `example`, and by itself only where there is none.
    """
    constraints = field.get("constraints", {})
    if "enum" in constraints:
        return ", ".join(map(str, constraints["enum"]))
    words = []
    if "minimum" in constraints and "maximum" in constraints:
        words.append(f"{constraints['minimum']} to {constraints['maximum']}")
    elif "minimum" in constraints or "maximum" in constraints:
        bound = "minimum" if "minimum" in constraints else "maximum"
        words.append(f"{'at least' if bound == 'minimum' else 'at most'} {constraints[bound]}")
    if "maxLength" in constraints:
        words.append(f"at most {constraints['maxLength']} characters")
    if "pattern" in constraints:
        words.append(
            f'as "{field["example"]}"'
            if "example" in field
            else f"matching the regular expression {constraints['pattern']}"
        )
    return ", ".join(words)


def read_schema(resource: Mapping[str, Any]) -> tuple[Schema | None, list[str]]:
    """The Table Schema of a resource, or None and the reasons why it cannot be used."""
    described = resource.get("schema")
    if not isinstance(described, dict):
        return None, [f"found {described!r}"]
    try:
        schema = Schema.from_descriptor(described)
    except FrictionlessException as error:
        return None, [reason.note for reason in error.reasons or [error.error]]
    except UNUSABLE as error:
        return None, [str(error)]
    reasons = []
    for field in schema.fields:
        try:
            field.create_cell_reader()("0")
        except UNUSABLE as error:
            reasons.append(f"constraints of {field.name}: {error}")
    return (None if reasons else schema), reasons


def descriptor_faults(descriptor: Mapping[str, Any]) -> Iterator[Fault]:
    """Everything in a descriptor that keeps the study from being read or its outputs lawful."""
    for place, is_right, expected in _properties():
        value: Any = descriptor
        for name in place.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        if not is_right(value):
            yield _fault(place, None if value is None else repr(value), expected)
    resources = resources_by_name(descriptor)
    listed = descriptor.get("resources")
    if isinstance(listed, list) and len(listed) != len(resources):
        yield _fault("resources", None, "one resource with a name of its own for each table")
    for name in sorted(resources.keys() - set(TABLES)):
        yield _fault("resources", name, f"no resource but {', '.join(TABLES)}")
    for name in TABLES:
        if name not in resources:
            yield _fault("resources", None, f'a resource "{name}"')
        else:
            yield from _resource_faults(name, resources[name])
    if "time_origin" in descriptor:
        yield from _origin_faults(descriptor["time_origin"], _whole_numbers(resources))


def _properties() -> list[tuple[str, Callable[[Any], bool], str]]:
    known = ", ".join(PATIENT_CHARACTERISTICS)
    return [
        ("version", lambda v: isinstance(v, str) and bool(v.strip()), "the version of the data"),
        (
            "licenses",
            lambda v: isinstance(v, list) and all(isinstance(x, dict) and "name" in x for x in v),
            "a list of licences, each with a name",
        ),
        ("provenance.kind", lambda v: v in PROVENANCE_KINDS, " or ".join(PROVENANCE_KINDS)),
        (
            "privacy.patient_characteristics",
            lambda v: isinstance(v, list) and all(c in PATIENT_CHARACTERISTICS for c in v),
            f"a list with none but {known}",
        ),
        (
            "privacy.age_band_years",
            lambda v: type(v) is int and 1 <= v <= 100,
            "a whole number of years from 1 to 100",
        ),
    ]


def _resource_faults(table: str, resource: Mapping[str, Any]) -> Iterator[Fault]:
    if not is_inside(resource.get("path")):
        path = resource.get("path")
        expected = "the name of a file inside the data folder"
        yield _fault(f"{table}.path", None if path is None else repr(path), expected)
    schema, reasons = read_schema(resource)
    for reason in reasons:
        yield _fault(f"{table}.schema", reason, "a valid Table Schema")
    if schema is None:
        return
    if schema.primary_key != KEYS[table]:
        expected = f"the primary key {', '.join(KEYS[table])}"
        yield _fault(f"{table}.primaryKey", ", ".join(schema.primary_key), expected)
    to_patients = {"fields": ["patient_id"], "resource": "patients"}
    keys = [
        {"fields": key["fields"], "resource": key["reference"]["resource"]}
        for key in schema.foreign_keys
    ]
    if table != "patients" and to_patients not in keys:
        yield _fault(f"{table}.foreignKeys", None, "patient_id as a foreign key to patients")
    yield from _field_faults(
        table, {field["name"]: field for field in resource["schema"]["fields"]}
    )


def _field_faults(table: str, fields: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    for name, type_name in TYPES[table].items():
        place = f"{table}.{name}"
        if name not in fields:
            yield _fault(place, None, f"a field of type {type_name}")
        elif fields[name].get("type") != type_name:
            yield _fault(place, str(fields[name].get("type")), f"type {type_name}")
        elif name not in MAY_BE_MISSING[table] and not _is_required(fields[name]):
            yield _fault(place, None, 'the constraint "required": true')


def _whole_numbers(resources: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The fields of type integer in the tables of the study, each as table.field."""
    described = {name: resources.get(name, {}).get("schema") for name in TABLES}
    return {
        f"{table}.{field.get('name')}"
        for table, schema in described.items()
        if isinstance(schema, Mapping) and isinstance(schema.get("fields"), list)
        for field in schema["fields"]
        if isinstance(field, Mapping) and field.get("type") == "integer"
    }


def _origin_faults(origin: object, known: set[str]) -> Iterator[Fault]:
    """What is wrong with the declaration that dates of a workbook become days."""
    if not isinstance(origin, Mapping):
        yield _fault("time_origin", repr(origin), "first, per and days")
        return
    wanted = "a field of whole numbers, as table.field"
    days = origin.get("days")
    if not isinstance(days, list) or not all(isinstance(d, str) and d in known for d in days):
        yield _fault("time_origin.days", repr(days), f"a list, each {wanted}")
    elif origin.get("first") not in days:
        first = repr(origin.get("first"))
        yield _fault("time_origin.first", first, "one of time_origin.days")
    if origin.get("per") != "patient_id":
        yield _fault("time_origin.per", repr(origin.get("per")), "patient_id")
    if "year" in origin and not (isinstance(origin["year"], str) and origin["year"] in known):
        yield _fault("time_origin.year", repr(origin["year"]), wanted)


def _is_required(field: Mapping[str, Any]) -> bool:
    return field.get("constraints", {}).get("required") is True


def _fault(place: str, value: str | None, expected: str) -> Fault:
    return Fault(DESCRIPTOR, None, place, value, expected, f"correct {place} in {DESCRIPTOR}")
