"""claims.yml and results in, each claim's state and approved sentence out.

claims.yml has an entry a claim: its id, `about` (a line for its readers), `predicate` (a function
of `analysis.claims`) and `wordings`, a sentence for each state that may be said. In a sentence
`{strength.higher.n}` is the number of a receipt and `{difference strength.change}` a phrase; digits
and number words are refused, so that no number is typed. The rest is plain text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis.claims import PREDICATES, STATES, State, Verdict
from analysis.entries import Faults, entries, line, read_entries, refuse, text, unknown
from analysis.errors import WordingError
from analysis.ledger import Ledger
from analysis.markdown import NOTHING, Markdown, escape
from analysis.receipts import Receipt
from analysis.results import Results
from analysis.wording import Say

CLAIMS_FILE = Path(__file__).resolve().parent.parent / "claims.yml"
KEYS = ("about", "predicate", "wordings")
ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
TYPED_NUMBER = re.compile(
    r"[0-9]+|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|twice)\b",
    re.IGNORECASE,
)
PHRASES: Mapping[str, int] = {
    **dict.fromkeys(("in_these_patients", "loss_chance", "loss_timing"), 0),
    **dict.fromkeys(("difference", "direction", "interval", "mean_sd", "median_range"), 1),
    **dict.fromkeys(("other_rules", "p", "range", "ratio", "share", "standing"), 1),
    **dict.fromkeys(("all_of", "of"), 2),
    "count": 3,
}
"""The phrases that a placeholder may name, with the number of words that follow the name."""


@dataclass(frozen=True)
class Claim:
    """An entry of claims.yml; `lines` says on which line its id and its states stand."""

    id: str
    about: str
    predicate: str
    wordings: Mapping[State, str]
    lines: Mapping[str, int]


@dataclass(frozen=True)
class Claimed:
    """A claim judged: its verdict, and its sentence where its state has an approved one."""

    claim: Claim
    file: str
    verdict: Verdict
    sentence: Markdown | None

    def shown(self) -> Markdown:
        """The sentence; WordingError where the data call for one that nobody approved."""
        if self.sentence is not None:
            return self.sentence
        claim, state = self.claim, self.verdict.state
        raise WordingError(
            f'the claim "{claim.id}" ({claim.about}) has no approved wording for the state '
            f'"{state}" that its predicate {claim.predicate} finds ({self.verdict.account}); '
            f"word it in {self.file}:{claim.lines['id']}, or take the claim out of the text"
        )


def read_claims(file: Path = CLAIMS_FILE) -> tuple[Claim, ...]:
    """The claims of `file`; WordingError with every fault of its form, a line a fault."""
    root = read_entries(file)
    faults: Faults = []
    claims = [_claim(id, node, faults) for id, node in entries(root, "the file", faults)]
    refuse(file, faults)
    return tuple(claims)


def _claim(id: yaml.ScalarNode, node: yaml.Node, faults: Faults) -> Claim:
    lines = {"id": line(id)}
    parts: dict[str, str] = {"about": "", "predicate": ""}
    wordings: dict[State, str] = {}
    if not ID.fullmatch(str(id.value)):
        faults.append((line(id), f'"{id.value}" is no id: small letters, digits, _ and dots'))
    for key, value in entries(node, f"the claim {id.value}", faults):
        if key.value not in KEYS:
            faults.append((line(key), unknown("key", key.value, KEYS)))
        elif key.value == "wordings":
            for state, wording in entries(value, f"the wordings of {id.value}", faults):
                if state.value not in STATES:
                    faults.append((line(state), unknown("state", state.value, STATES)))
                lines[state.value] = line(state)
                wordings[state.value] = text(wording, f"the wording for {state.value}", faults)
                faults += _typed_numbers(line(state), wordings[state.value])
        else:
            parts[key.value] = text(value, key.value, faults)
            if key.value == "predicate" and parts["predicate"] not in PREDICATES:
                fault = unknown("predicate", parts["predicate"], tuple(PREDICATES))
                faults.append((line(key), fault))
    present = {key.value for key, _ in node.value} if isinstance(node, yaml.MappingNode) else KEYS
    for missing in [key for key in KEYS if key not in present]:
        faults.append((line(id), f'the claim {id.value} has no "{missing}"'))
    return Claim(str(id.value), parts["about"], parts["predicate"], wordings, lines)


def _typed_numbers(at: int, wording: str) -> Iterator[tuple[int, str]]:
    for typed in TYPED_NUMBER.findall(PLACEHOLDER.sub("", wording)):
        yield at, f'"{typed}" is typed; a placeholder such as {{cohort.treated.n}} gives numbers'


def judge(results: Results, say: Say, file: Path = CLAIMS_FILE) -> dict[str, Claimed]:
    """Every claim of `file` judged by `results`, with its sentence, in the phrases of `say`.

    Every wording is tried, not only that of the state found: WordingError names all placeholders
    that stand for nothing, a line each.
    """
    faults: Faults = []
    judged = {}
    for claim in read_claims(file):
        verdict = PREDICATES[claim.predicate](results)
        sentences = {}
        for state, wording in claim.wordings.items():
            text, unknown = _worded(wording, say)
            sentences[state] = Markdown(f'[{text}]{{.claim key="claim.{claim.id}"}}')
            faults += [(claim.lines[state], fault) for fault in unknown]
        judged[claim.id] = Claimed(claim, file.name, verdict, sentences.get(verdict.state))
    refuse(file, faults)
    return judged


def _worded(wording: str, say: Say) -> tuple[str, list[str]]:
    """The wording as markdown with its placeholders filled in, and what is wrong with these."""
    faults, pieces = [], []
    for i, piece in enumerate(PLACEHOLDER.split(wording)):
        if i % 2 == 0:
            # Plain text, but for spaces at its ends, which `escape` would take.
            pieces.append(re.sub(r"\S+", lambda word: _typeset(word[0]), piece))
            continue
        try:
            pieces.append(_filled(piece.split(), say))
        except KeyError as missing:
            faults.append(f"{{{piece}}}: there is no receipt {missing} in results.json")
        except ValueError as error:
            faults.append(f"{{{piece}}}: {error}")
    return "".join(pieces).replace(NOTHING, ""), faults


def _typeset(word: str) -> str:
    """A word of a wording as markdown: the P of a P value in italics, as everywhere."""
    return "*P*" if word == "P" else escape(word.replace("'", "’"))


def _filled(words: list[str], say: Say) -> str:
    if len(words) == 1 and "." in words[0]:
        return str(say[words[0]])
    name, arguments = (words or [""])[0], words[1:]
    if name not in PHRASES:
        raise ValueError(unknown("phrase", name, tuple(PHRASES)))
    if len(arguments) != PHRASES[name]:
        raise ValueError(f"{name} is followed by {PHRASES[name]} words, not by {len(arguments)}")
    phrase = getattr(say, name)
    return str(phrase(*arguments) if arguments else phrase)


def claim_receipts(judged: Mapping[str, Claimed]) -> Mapping[str, Receipt]:
    """A receipt a claim: its state, its sentence in plain text, how it was judged."""
    ledger = Ledger()
    for id, one in judged.items():
        verdict, predicate = one.verdict, one.claim.predicate
        account = f"{predicate}: {verdict.account}; without any one patient: {verdict.without_one}"
        ledger.enter(
            f"claim.{id}",
            verdict.state,
            "no approved wording" if one.sentence is None else plain(str(one.sentence)),
            n=verdict.n,
            n_missing=verdict.n_missing,
            method=account,
            function=PREDICATES[predicate],
        )
    return ledger.receipts


def plain(markdown: str) -> str:
    """The words of a claim's markdown: spans, emphasis and escapes taken away."""
    text = re.sub(r'(?<!\\)\]\{\.(?:value|claim) key="[^"]*"\}', "", markdown)
    text = re.sub(r"(?<!\\)[\[*]", "", text)
    return re.sub(r"\\(.)", r"\1", text)
