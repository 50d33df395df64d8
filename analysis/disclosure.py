"""A study in, what the article must say of its data out: simulated, unrecorded or neither.

Everything follows from the data package's own provenance and checksums, so that with observed,
recorded data nothing of it remains.
"""

from collections.abc import Mapping

from analysis.declarations import printed
from analysis.markdown import NOTHING, escape
from analysis.study import Study

SIMULATED = (
    "Simulated data: the patients in this article do not exist. A program generated them to agree "
    "with the abstract of Sunzini et al. (2013); no result, P value or interval here is evidence "
    "about treatment."
)
UNRECORDED = (
    "Draft on unrecorded data: the tables differ from the recorded cut, and so may every number."
)
BYLINE = "A re-edition, on simulated data, of Sunzini et al. (2013)"


def sentence(study: Study) -> str:
    """The full notice, or an empty span."""
    parts = [SIMULATED] if study.is_simulated else []
    parts += [] if study.is_recorded else [UNRECORDED]
    return f"[{' '.join(parts)}]{{.data-notice}}" if parts else NOTHING


def label(study: Study) -> str:
    """The notice in two or three words, as a sentence for captions, or an empty span."""
    parts = ["Simulated data."] if study.is_simulated else []
    parts += [] if study.is_recorded else ["Draft on unrecorded data."]
    return f"[{' '.join(parts)}]{{.data-notice}}" if parts else NOTHING


def title_block(study: Study) -> str:
    """The divs that the journal's filter lifts into title block, byline and metadata."""
    if study.is_simulated:
        keyword, text = "Simulated data", sentence(study)
    elif not study.is_recorded:
        keyword, text = "Draft on unrecorded data", sentence(study)
    else:
        return NOTHING
    notice = f'::: {{.notice keyword="{keyword}" description="{_plain(study)}"}}\n{text}\n:::\n'
    return notice + (f"\n::: {{#byline}}\n{BYLINE}\n:::\n" if study.is_simulated else "")


def _plain(study: Study) -> str:
    parts = [SIMULATED] if study.is_simulated else []
    return " ".join(parts + ([] if study.is_recorded else [UNRECORDED]))


def origin(study: Study) -> str:
    """Where the patients come from."""
    if study.is_simulated:
        return (
            "The records of its patients are not available to us: the patients here are "
            "simulated, modelled on its abstract."
        )
    return "The data are the records of the patients treated at the centre."


def assumptions(study: Study) -> str:
    """What the methods had to assume, because the published abstract does not say it."""
    if study.is_simulated:
        return (
            "The published abstract states no classification, strength scale, visit window, "
            "examiner or method of collecting adverse events; those below are assumptions of this "
            "re-edition. The simulated data were chosen for their agreement with that abstract "
            "(supplement), so that *P* values and intervals show the analysis and have no meaning "
            "as those of a sample."
        )
    return NOTHING


def provenance_note(study: Study) -> str:
    """What the data package says of where its rows come from, and what follows."""
    if not study.is_simulated:
        return escape(study.about) or NOTHING
    return (
        f"{escape(study.about)} *P* values and intervals of data selected for their result have no "
        "meaning as those of a sample."
    )


def in_these_patients(study: Study) -> str:
    """How a sentence on the findings begins."""
    return "In these simulated patients" if study.is_simulated else "In this series"


def agreement(study: Study) -> str:
    """What agreement with the published abstract means."""
    if study.is_simulated:
        return (
            "Any agreement of these simulated patients with that abstract was put in by "
            "construction and confirms nothing."
        )
    return NOTHING


def ethics(study: Study, declared: Mapping[str, str | None]) -> str:
    """Ethics approval and consent."""
    if study.is_simulated:
        return "Simulated data concern no person; no approval or consent was needed for them."
    return f"{printed(declared['ethics'])} {printed(declared['consent'])}"


def availability(study: Study, declared: Mapping[str, str | None], version: str) -> str:
    """Where data and code are, and which cut the data are (`version` is markdown)."""
    repository = printed(declared["repository"])
    if study.is_simulated:
        return (
            f"The simulated data (cut {version}), their dictionary and the code that computes "
            "every number of this article are in its repository. "
            f"Address of the repository: {repository}"
        )
    return (
        f"{printed(declared['data_access'])} The article was computed from data cut {version} by "
        f"code that is in its repository. Address of the repository: {repository}"
    )
