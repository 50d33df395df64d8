"""The order of the house: who imports whom, what no file names, and that the locks are whole."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
# What commands make, apart from hidden folders.
NOT_OURS = {"_manuscript", "_submission", "_comparison", "__pycache__"}
CONFIGURES = {".ci", ".gitattributes", ".github", ".gitignore", ".pre-commit-config.yaml"}
LONGEST_MODULE = 450


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file of the repository, without what commands made."""
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith(".") and path.name not in CONFIGURES
        is_data = path.name.startswith("data-observed")
        if hidden or is_data or path.name in NOT_OURS or path.suffix == ".egg-info":
            continue
        if path.is_dir():
            yield from files(path)
        elif path.is_file():
            yield path


def imported_packages(source: str) -> set[str]:
    """The top-level packages that a Python source imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, "relative import"
            found.add(node.module.split(".")[0])
    return found


def python_of(qmd: str) -> str:
    """The Python of a .qmd text: its chunks, then its inline expressions, one a line."""
    chunks = re.findall(r"^```+ *\{python[^}]*\}\n(.*?)^```", qmd, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`\{python\} ([^`]+)`", qmd)
    return "\n".join([*chunks, *inline])


def requirements(lock: str) -> dict[str, list[str]]:
    """Each requirement of a lock file (with its version and marker) with its hashes."""
    logical = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", lock, flags=re.MULTILINE))
    pairs = (re.split(r"\s+--hash=", line.strip()) for line in logical.splitlines())
    return {first: hashes for first, *hashes in pairs if first}


def normalised(requirement: str) -> str:
    """The package's name in the form in which names are compared (PEP 503)."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def locked(name: str) -> dict[str, list[str]]:
    """The requirements of a lock file of this repository."""
    return requirements((ROOT / name).read_text(encoding="utf-8"))


def declared(extra: str | None = None) -> set[str]:
    """The packages that pyproject.toml names, those of an extra if one is given."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {normalised(line) for line in lines}


@pytest.mark.parametrize(("package", "other"), [("analysis", "press"), ("press", "analysis")])
def test_the_study_and_the_machine_do_not_know_each_other(package: str, other: str) -> None:
    """`press` and `analysis` never import each other."""
    modules = sorted((ROOT / package).rglob("*.py"))
    assert modules
    for module in modules:
        assert other not in imported_packages(module.read_text(encoding="utf-8")), module


def test_the_manuscript_imports_only_the_study() -> None:
    """Whatever a .qmd of the project's root imports is `analysis`."""
    manuscripts = sorted(ROOT.glob("*.qmd"))
    assert ROOT / "manuscript.qmd" in manuscripts
    for manuscript in manuscripts:
        code = python_of(manuscript.read_text(encoding="utf-8"))
        assert imported_packages(code) == {"analysis"}, manuscript


def test_an_import_is_seen_wherever_it_stands() -> None:
    """Imports in functions, of submodules and of inline code are all found."""
    qmd = "```{python}\n#| label: a\nimport analysis.article as a\n```\n\n`{python} a.b` x\n"
    assert imported_packages(python_of(qmd)) == {"analysis"}
    assert imported_packages("def f():\n    from press.cli import main\n") == {"press"}


# No file, and so not this one, may hold these words: the sign ' in them is taken out.
OUTSIDE = re.compile(
    r"""
    (?<![\w.~$}/-]) / (?: wo'rk | ro'ot | ho'me | op't | mn't | tm'p | Use'rs ) / \w
    | \b [A-Z] : \\{1,2} Use'rs \b
    | \b fi'le:// \w* /
    | \b py'pi \. (?: org | io ) \b
    | \b python'hosted \. org \b
    | \b npm'js \. (?: org | com ) \b
    | \b (?: deb | security | archive ) \. (?: deb'ian | ubu'ntu ) \. (?: org | com ) \b
    | \b anaco'nda \. (?: org | com ) \b
    """.replace("'", ""),
    re.VERBOSE,
)


def test_no_file_names_a_place_outside_the_clone() -> None:
    """No text names a path of somebody's machine, nor the host of a package registry."""
    found = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in OUTSIDE.finditer(text)]
    assert found == []


def test_places_outside_the_clone_are_recognised() -> None:
    """Absolute paths and hosts are found; relative paths and web addresses are not."""
    outside = ["cd /wo'rk/x", "HOME=/ho'me/me", "https://py'pi.org/x", "fi'le:///x", "C:\\Use'rs"]
    inside = ["../wo'rk/x", "https://a.org/ho'me/x", "data/ho'me/x", "$D/op't/x", "/ho'meland/x"]
    assert all(OUTSIDE.search(text.replace("'", "")) for text in outside)
    assert not any(OUTSIDE.search(text.replace("'", "")) for text in inside)


def test_modules_stay_short() -> None:
    """No module has more lines than the house allows."""
    for package in ("analysis", "press", "bench"):
        for module in sorted((ROOT / package).rglob("*.py")):
            assert len(module.read_bytes().splitlines()) <= LONGEST_MODULE, module


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_every_requirement_is_pinned_with_hashes(lock: str) -> None:
    """Each line of a lock file is one exact version with SHA-256 hashes, and nothing else."""
    for requirement, hashes in locked(lock).items():
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][\w.]*(?: ;.+)?", requirement), requirement
        assert hashes, requirement
        for value in hashes:
            assert re.fullmatch(r"sha256:[0-9a-f]{64}", value), requirement


def test_every_declared_package_is_locked() -> None:
    """What pyproject.toml names is in its lock file; Quarto's download never is."""
    runtime = {normalised(name) for name in locked("requirements.lock")}
    test = {normalised(name) for name in locked("requirements-test.lock")}
    assert declared() <= runtime
    assert declared("test") <= test
    assert not declared("quarto") & (runtime | test)


def test_the_two_lock_files_agree() -> None:
    """What the tests install contains what the article is rendered with, version for version."""
    assert locked("requirements.lock").items() <= locked("requirements-test.lock").items()


def test_the_workflow_is_pinned_and_shows_no_row_values() -> None:
    """Each action is one version, the whole history is there, and --rows is not asked for."""
    text = (ROOT / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(text)["jobs"]["check"]["steps"]
    actions = [step["uses"] for step in steps if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+\.\d+\.\d+", action) for action in actions)
    assert steps[0]["with"]["fetch-depth"] == 0
    commands = [step["run"] for step in steps if "run" in step]
    assert {"make", "make test"} <= set(commands)
    assert any("press compare" in command for command in commands)
    assert not any("--rows" in command for command in commands)


def test_the_hooks_run_what_the_environment_has() -> None:
    """Every hook is local and starts a program or a module of .venv/."""
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    repositories = yaml.safe_load(text)["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    for hook in repositories[0]["hooks"]:
        assert hook["language"] == "system"
        assert re.search(r"\.venv/bin/(ruff|python -m (press|analysis)\.)", hook["entry"]), hook
