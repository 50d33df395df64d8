"""declarations.yml in, what the study team declares out, or that it is to be completed.

The file has an entry a declaration: `about`, the question, and `text`, the answer, which is missing
while the declaration is open. `identifies: true` marks answers that name the authors or their
place; the article prints them, a blinded copy is made from a file without them. The entry
`blinding`, of what may stand in that copy, is no declaration and read where the copy is searched.
"""

from collections.abc import Mapping
from pathlib import Path

from analysis.entries import Faults, entries, line, read_entries, refuse, text, unknown
from analysis.markdown import escape

DECLARATIONS_FILE = Path(__file__).resolve().parent.parent / "declarations.yml"
BLINDING = "blinding"
KEYS = ("about", "text", "identifies")
NAMES = (
    "ethics", "consent", "repository", "data_access", "funding", "competing_interests",
    "contributions", "acknowledgements", "contact", "originality",
)  # fmt: skip
OPEN = r"[\[To be completed by the study team.\]]{.placeholder}"


def read_declarations(file: Path = DECLARATIONS_FILE) -> Mapping[str, str | None]:
    """Each declaration's text, None where it is open; WordingError with every fault of the file."""
    faults: Faults = []
    declared: dict[str, str | None] = {}
    for name, node in entries(read_entries(file), "the file", faults):
        if name.value == BLINDING:
            continue
        if name.value not in NAMES:
            faults.append((line(name), unknown("declaration", name.value, NAMES)))
        declared[name.value] = None
        for key, value in entries(node, f"the declaration {name.value}", faults):
            if key.value not in KEYS:
                faults.append((line(key), unknown("key", key.value, KEYS)))
            elif key.value == "text":
                declared[name.value] = text(value, f"the text of {name.value}", faults)
            elif key.value == "identifies" and value.value not in ("true", "false"):
                faults.append((line(value), f"identifies of {name.value} must be true or false"))
    for missing in [name for name in NAMES if name not in declared]:
        faults.append(
            (1, f"there is no declaration {missing}; leave its text out while it is open")
        )
    refuse(file, faults)
    return declared


def printed(declared: str | None) -> str:
    """A declaration as markdown; its numerals are declared with it."""
    if declared is None:
        return OPEN
    return f'[{escape(declared)}]{{.literal reason="declared by the study team"}}'
