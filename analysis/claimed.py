"""claims.yml and results in, each claim's state and approved sentence out.

claims.yml has an entry a claim: its id, `about` (a line for its readers), `predicate` (a function
of `analysis.claims`) and `wordings`, a sentence for each state that may be said. In a sentence
`{strength.higher.n}` is the number of a receipt and `{difference strength.change}` a phrase; digits
and number words are refused, so that no number is typed. The rest is plain text.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis.claims import PREDICATES, STATES, State, Verdict
from analysis.errors import ClaimError
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
    **dict.fromkeys(("other_rules", "p", "range", "ratio", "share"), 1),
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
        """The sentence; ClaimError where the data call for one that nobody approved."""
        if self.sentence is not None:
            return self.sentence
        claim, state = self.claim, self.verdict.state
        raise ClaimError(
            f'the claim "{claim.id}" ({claim.about}) has no approved wording for the state '
            f'"{state}" that its predicate {claim.predicate} finds ({self.verdict.account}); '
            f"word it in {self.file}:{claim.lines['id']}, or take the claim out of the text"
        )


def read_claims(file: Path = CLAIMS_FILE) -> tuple[Claim, ...]:
    """The claims of `file`; ClaimError with every fault of its form, a line a fault."""
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ClaimError(f"{file.name}:1: cannot be read as UTF-8 text: {error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        fault = getattr(error, "problem", None) or "a character that no text holds"
        raise ClaimError(
            f"{file.name}:{mark.line + 1 if mark else 1}: this is not YAML: {fault}; "
            "put a sentence with colons or braces on a line of its own after `>-`"
        ) from None
    faults: list[tuple[int, str]] = []
    claims = [_claim(id, node, faults) for id, node in _entries(root, "the file", faults)]
    _refuse(file, faults)
    return tuple(claims)


def _entries(
    node: yaml.Node | None, what: str, faults: list[tuple[int, str]]
) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """The keys and values of a mapping, each key once."""
    if not isinstance(node, yaml.MappingNode):
        faults.append((_line(node), f"{what} must hold lines of the form `name: value`"))
        return
    seen = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            faults.append((_line(key), f"{what} has a name that is no word"))
            continue
        if key.value in seen:
            faults.append((_line(key), f'"{key.value}" stands twice in {what}'))
        seen.add(key.value)
        yield key, value


def _claim(id: yaml.ScalarNode, node: yaml.Node, faults: list[tuple[int, str]]) -> Claim:
    lines = {"id": _line(id)}
    parts: dict[str, str] = {"about": "", "predicate": ""}
    wordings: dict[State, str] = {}
    if not ID.fullmatch(str(id.value)):
        faults.append((_line(id), f'"{id.value}" is no id: small letters, digits, _ and dots'))
    for key, value in _entries(node, f"the claim {id.value}", faults):
        if key.value not in KEYS:
            faults.append((_line(key), _unknown("key", key.value, KEYS)))
        elif key.value == "wordings":
            for state, text in _entries(value, f"the wordings of {id.value}", faults):
                if state.value not in STATES:
                    faults.append((_line(state), _unknown("state", state.value, STATES)))
                lines[state.value] = _line(state)
                wordings[state.value] = _text(text, f"the wording for {state.value}", faults)
                faults += _typed_numbers(_line(state), wordings[state.value])
        else:
            parts[key.value] = _text(value, key.value, faults)
            if key.value == "predicate" and parts["predicate"] not in PREDICATES:
                fault = _unknown("predicate", parts["predicate"], tuple(PREDICATES))
                faults.append((_line(key), fault))
    present = {key.value for key, _ in node.value} if isinstance(node, yaml.MappingNode) else KEYS
    for missing in [key for key in KEYS if key not in present]:
        faults.append((_line(id), f'the claim {id.value} has no "{missing}"'))
    return Claim(str(id.value), parts["about"], parts["predicate"], wordings, lines)


def _text(node: yaml.Node, what: str, faults: list[tuple[int, str]]) -> str:
    if isinstance(node, yaml.ScalarNode) and node.value.strip():
        return " ".join(node.value.split())
    faults.append((_line(node), f"{what} must be a line of text"))
    return ""


def _typed_numbers(line: int, wording: str) -> Iterator[tuple[int, str]]:
    for typed in TYPED_NUMBER.findall(PLACEHOLDER.sub("", wording)):
        yield line, f'"{typed}" is typed; a placeholder such as {{cohort.treated.n}} gives numbers'


def _line(node: yaml.Node | None) -> int:
    return 1 if node is None else int(node.start_mark.line) + 1


def _unknown(what: str, name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    remedy = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
    return f'unknown {what} "{name}"; {remedy}'


def _refuse(file: Path, faults: list[tuple[int, str]]) -> None:
    if faults:
        raise ClaimError("\n".join(f"{file.name}:{line}: {text}" for line, text in sorted(faults)))


def judge(results: Results, say: Say, file: Path = CLAIMS_FILE) -> dict[str, Claimed]:
    """Every claim of `file` judged by `results`, with its sentence, in the phrases of `say`.

    Every wording is tried, not only that of the state found: ClaimError names all placeholders
    that stand for nothing, a line each.
    """
    faults: list[tuple[int, str]] = []
    judged = {}
    for claim in read_claims(file):
        verdict = PREDICATES[claim.predicate](results)
        sentences = {}
        for state, wording in claim.wordings.items():
            text, unknown = _worded(wording, say)
            sentences[state] = Markdown(f'[{text}]{{.claim key="claim.{claim.id}"}}')
            faults += [(claim.lines[state], fault) for fault in unknown]
        judged[claim.id] = Claimed(claim, file.name, verdict, sentences.get(verdict.state))
    _refuse(file, faults)
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
        raise ValueError(_unknown("phrase", name, tuple(PHRASES)))
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
