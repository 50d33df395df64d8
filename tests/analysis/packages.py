"""A small data package of two patients, and what the tests of reading it share."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import DataError, Fault
from analysis.validate import read_study

PATIENTS = """\
patient_id,diagnosis,criteria_certainty,sex,age_years,first_ivig_year,disease_duration_months,\
biopsy_supportive,myositis_antibody,failed_immunosuppressants,ck_upper_limit_u_l,ldh_upper_limit_u_l
A1,PM,definite,female,52,2006,30,true,anti-Jo-1,methotrexate; azathioprine,210,250
B2,IBM,possible,male,70,2008,60,,,,300,250
"""
VISITS = """\
patient_id,visit_day,cycle,mrc_sum_score,ck_u_l,ldh_u_l,prednisone_mg_day
A1,-90,,45,900,,20
A1,0,1,42,1250.5,420,20
A1,35,2,46,800,350,15
B2,-3,1,40,500,260,10
"""
CYCLES = """\
patient_id,cycle,start_day,infusion_days,dose_g_kg
A1,1,0,5,2
A1,2,35,5,1.6
A1,3,70,5,1.6
B2,1,0,5,1
"""
EVENTS = """\
patient_id,cycle,onset_day,term,ctcae_grade,serious,led_to_discontinuation
A1,2,36,headache,1,false,false
"""
TABLES = {"patients": PATIENTS, "visits": VISITS, "cycles": CYCLES, "adverse_events": EVENTS}


def faults(folder: Path) -> tuple[Fault, ...]:
    """The faults for which the package in `folder` is refused."""
    with pytest.raises(DataError) as refusal:
        read_study(folder)
    assert str(refusal.value).count("\n") == len(refusal.value.faults)
    return refusal.value.faults


def read_or_refuse(folder: Path) -> None:
    """Read the package in `folder`; any error but a DataError gets through."""
    with suppress(DataError):
        read_study(folder)


def places(folder: Path) -> list[tuple[str, int | None, str | None, str | None]]:
    """File, row, column and value of each fault."""
    return [(fault.file, fault.row, fault.column, fault.value) for fault in faults(folder)]


def replace(folder: Path, table: str, old: str, new: str) -> None:
    """Put `new` in the place of the only `old` in a table."""
    file = folder / f"{table}.csv"
    text = file.read_bytes().decode()
    assert text.count(old) == 1
    file.write_bytes(text.replace(old, new).encode())


def change_descriptor(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Apply `change` to the content of datapackage.json."""
    file = folder / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    change(descriptor)
    file.write_text(json.dumps(descriptor), encoding="utf-8")


def field(descriptor: dict[str, Any], table: str, name: str) -> dict[str, Any]:
    """The field `name` of `table` in a descriptor."""
    fields = next(r for r in descriptor["resources"] if r["name"] == table)["schema"]["fields"]
    return next(f for f in fields if f["name"] == name)
