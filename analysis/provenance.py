"""Receipts in, what the web page tells of each number out: JSON in a block that only HTML shows.

The page tells no more of a single patient than the article prints. A number that is one patient's
own, or from which one could be worked out, comes with the digits printed and no others: each
patient's line, order statistics and extremes, the rank-based interval, whatever overlaps with the
main analyses in all but a few patients (their difference is those few), and anything of a group
smaller than `SMALLEST_GROUP`. Percentages are of printed counts.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from analysis.markdown import Markdown
from analysis.receipts import SIGNIFICANT_DIGITS, Receipt
from analysis.reported import SMALLEST_GROUP
from analysis.rounding import MINUS
from analysis.study import Study

CLAIM = "claim."
AS_PRINTED = frozenset(
    (
        "patient cohort group minimum maximum median q1 q3 location left_out without_ibm variants "
        "window_narrower window_wider complete_cases run_in from_earlier last"
    ).split()
)
"""Words of the ids of numbers that may be a single patient's."""
WORDS = {
    "after": "follow-up",
    "age_years": "age",
    "antibody": "myositis antibody",
    "at_loss": "at the loss of response (of the dose, before it)",
    "before": "baseline",
    "biopsy": "supportive muscle biopsy",
    "certainty": "classification",
    "ci_high": "upper limit of the confidence interval",
    "ci_low": "lower limit of the confidence interval",
    "ck": "creatine kinase",
    "ck_multiple": "creatine kinase over its upper limit of normal",
    "complete_cases": "complete cases",
    "d_z": "mean difference over the SD of the differences",
    "detectable": "smallest change found with the stated power",
    "df": "degrees of freedom",
    "discontinued": "led to discontinuation",
    "disease_duration_months": "disease duration",
    "dm": "dermatomyositis",
    "dose_g_kg": "dose",
    "earlier": "mean of the earlier cycles",
    "equal": "equal at follow-up",
    "exact_limit": "pairs up to which a test is exact",
    "failing": "analyses that overturn the finding",
    "false": "false losses",
    "false_loss": "chance of false losses",
    "family": "strength and CK as a family",
    "first_ivig_year": "year of the first infusion",
    "flip": "sign-flip permutation test",
    "floor": "smallest P value possible",
    "follow_up": "follow-up",
    "from_earlier": "from the visit before the baseline window to follow-up",
    "g_z": "standardised change without its small-sample bias",
    "gain": "gain over baseline",
    "higher": "higher at follow-up",
    "highest": "highest possible score",
    "highest_after": "at the highest possible score at follow-up",
    "highest_before": "at the highest possible score at baseline",
    "holm": "adjusted by Holm",
    "ibm": "inclusion body myositis",
    "infusion_days": "days of infusion",
    "interval_days": "interval between cycles",
    "last": "from baseline to the last known value",
    "ldh": "lactate dehydrogenase",
    "left_out": "leaving out one patient",
    "level": "confidence level attained",
    "location": "Hodges-Lehmann estimate",
    "loss": "loss of response",
    "loss_cycle": "cycle at which the response was lost",
    "lower": "lower at follow-up",
    "lowest": "lowest possible score",
    "lowest_after": "at the lowest possible score at follow-up",
    "lowest_before": "at the lowest possible score at baseline",
    "multiple": "over its upper limit of normal",
    "n_missing": "number missing",
    "observed_days": "time observed",
    "p_value": "P value",
    "percent": "percentage",
    "pm": "polymyositis",
    "q1": "first quartile",
    "q3": "third quartile",
    "raised": "raised before baseline",
    "rank": "signed-rank test",
    "rank_pratt": "signed-rank test, zeros ranked",
    "ratio": "ratio of follow-up to baseline",
    "raw": "as a difference",
    "rescue": "failed immunosuppressant",
    "rules": "rule of the analysis",
    "safety": "adverse events",
    "same_visit_narrower": "same follow-up visit in the narrower window",
    "same_visit_wider": "same follow-up visit in the wider window",
    "run_in": "from the visit before the baseline window to baseline",
    "score": "strength score",
    "sd": "standard deviation",
    "size": "standardised change",
    "slope": "MRC sum score over the cycles",
    "strength": "MRC sum score",
    "t": "t statistic",
    "two_drugs": "two or more failed immunosuppressants",
    "variants": "by other rules",
    "window": "follow-up window",
    "window_days": "half-width of the window",
    "window_narrower": "narrower follow-up window",
    "window_wider": "wider follow-up window",
    "without_ibm": "without inclusion body myositis",
    "witness": "fact of the published abstract",
}
"""Words of ids that do not read as they stand."""
NUMBERED = re.compile(r"_(\d+)_(\d+)$")  # sd_1_5 is an SD of 1.5


def provenance(receipts: Mapping[str, Receipt], study: Study) -> Markdown:
    """The raw HTML block: a JSON array with a line for the data cut, then one for each receipt.

    The journal's filter keeps the lines of the receipts that the page shows, and places the block.
    """
    records = [{"data": data_cut(study)}, *map(record, receipts.values())]
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in records)
    for sign in "<>&`":  # nothing in it may end the element or the block
        lines = lines.replace(sign, f"\\u{ord(sign):04x}")
    element = f'<script type="application/json" id="receipts">[\n{lines}\n]</script>'
    return Markdown(f"```{{=html}}\n{element}\n```\n")


def data_cut(study: Study) -> str:
    """The version of the data, and that they are simulated or differ from the recorded cut."""
    kinds = [
        *(["simulated"] if study.is_simulated else []),
        *([] if study.is_recorded else ["not the recorded cut"]),
    ]
    return ", ".join([study.version, *kinds])


def record(receipt: Receipt) -> dict[str, object]:
    """What the page tells of one receipt; of a claim, whose sentence is in the page, its state."""
    if receipt.id.startswith(CLAIM):
        return {"id": receipt.id, "state": str(receipt.value).replace("_", " ")}
    told: dict[str, object] = {"id": receipt.id, "label": label(receipt), "text": receipt.text}
    if (value := unrounded(receipt)) is not None:
        told["value"] = value
    if receipt.unit != "1":
        told["unit"] = receipt.unit
    if not receipt.id.startswith("rules."):
        told |= {"n": receipt.n, "n_missing": receipt.n_missing}
    return told | {"method": receipt.method, "function": receipt.function}


def label(receipt: Receipt) -> str:
    """What the number is, from its id and unit: "MRC sum score, change: mean"."""
    *subject, statistic = receipt.id.split(".")
    words = ""
    for word in subject:
        words += f" {word}" if word.isdigit() else f", {WORDS.get(word, _plain(word))}"
    of = "" if receipt.unit == "1" else f" of {receipt.unit}"
    last = f"number{of}" if statistic == "n" else WORDS.get(statistic, _plain(statistic))
    if statistic == "mean" and receipt.unit == "ratio":
        last = "geometric mean"
    text = f"{words[2:]}: {last}" if words else last
    return text[0].upper() + text[1:]


def _plain(word: str) -> str:
    return NUMBERED.sub(r" \1.\2", word).replace("_", " ")


def unrounded(receipt: Receipt) -> str | None:
    """The value with all its digits; None where more than the printed ones are withheld."""
    value = receipt.value
    if value is None:
        return receipt.text
    if isinstance(value, str):
        return value
    digits = f"{value:.{SIGNIFICANT_DIGITS}g}"
    is_withheld = bool(AS_PRINTED.intersection(receipt.id.split("."))) or (
        receipt.n < SMALLEST_GROUP and receipt.unit != "%"
    )
    if is_withheld and not _is_printed(digits, receipt.text):
        return None
    return digits.replace("-", MINUS)


def _is_printed(digits: str, text: str) -> bool:
    try:
        return Decimal(digits) == Decimal(text.rstrip("%").replace(MINUS, "-"))
    except InvalidOperation:
        return False
