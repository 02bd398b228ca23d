"""The house rules that no linter knows: whose names these are, what text may say, how large a file may grow."""

import collections
import functools
import importlib.metadata
import importlib.util
import io
import re
import shutil
import subprocess
import tokenize
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bridge", "data", "models", "training")
FOLDERS = (*PACKAGES, "blender_addon", "unity_client", "tests")
BINARY = {
    *(".safetensors", ".onnx", ".npz", ".npy", ".vrm", ".bin"),
    *(".png", ".gif", ".jpg", ".webp", ".ico", ".woff2"),
    *(".flac", ".wav"),
}
MACHINE_PATH = re.compile(r"(?<![\w.:~)])/(?:home|Users|root|work|opt|mnt)/\w|\b[A-Z]:\\+Users|\bfile:/{2}\w*/")
MAX_LINES = 400
BUILT = ROOT / "bridge/stage/page"
packages_distributions = functools.cache(importlib.metadata.packages_distributions)
CLOCK = re.compile(r"\btime\.(?:sleep|monotonic|perf_counter)\(|\bwait_until\(|\bPopen\(|\bsettimeout\(")


def project_files() -> list[Path]:
    """Files that git tracks or would track, so that a rule already holds before the commit."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: no list of the project's own files")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [path for name in sorted(set(listing.split("\0")) - {""}) if (path := ROOT / name).is_file()]


@functools.cache
def text_files() -> list[tuple[Path, list[str]]]:
    """Each file of text, and its lines; read once for all tests."""
    found = []
    for path in project_files():
        if path.suffix.lower() not in BINARY:
            with suppress(FileNotFoundError):  # another test, or an editor, had it for a moment
                found.append((path, path.read_text(encoding="utf-8").splitlines()))
    return found


@pytest.mark.parametrize("name", PACKAGES)
def test_our_names_lead_into_this_repository(name: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None, f"{name} has no __init__.py of ours"
    assert Path(spec.origin).resolve() == ROOT / name / "__init__.py", f"another package hides our folder {name}/"


@pytest.mark.parametrize("name", PACKAGES)
def test_no_other_distribution_ships_our_names(name: str) -> None:
    owners = set(packages_distributions().get(name, []))
    assert owners <= {"transflower-bridge"}, f"{owners} install a top-level package {name}: uninstall them here"


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_says_what_lives_in_it(folder: str) -> None:
    readme = ROOT / folder / "README.md"
    assert readme.is_file(), f"{folder}/ has no README.md: what lives here, and what may not?"
    assert len(readme.read_text(encoding="utf-8").split()) > 20


def test_tests_that_a_readme_names_are_there() -> None:
    readme = (ROOT / "tests/README.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", readme)
    assert named
    for path, name in named:
        assert f"\ndef {name}(" in (ROOT / "tests" / path).read_text(encoding="utf-8"), f"{path}::{name}"
    run = re.findall(r"\btests/[\w/]+\.py\b", readme + (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert run
    assert [path for path in run if not (ROOT / path).is_file()] == []


def test_what_follows_the_clock_says_so() -> None:
    """Tests marked `realtime` have a lane of their own, and are repeated beside busy loops."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if path.parent.name == "inside":  # Blender's Python, which has no marks; who runs it there has them
            continue
        conftest = path.with_name("conftest.py")
        marks = path.read_text("utf-8") + (conftest.read_text("utf-8") if conftest.is_file() else "")
        found = CLOCK.search(path.read_text("utf-8"))
        assert found is None or "mark.realtime" in marks, f"{path.relative_to(ROOT)}: {found and found[0]}"


def test_text_names_no_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path, lines in text_files()
        for number, line in enumerate(lines, start=1)
        if ("/" in line or "Users" in line) and MACHINE_PATH.search(line)
    ]
    assert not found, "\n".join(found)


def test_no_source_file_outgrows_a_reader() -> None:
    long = {
        str(path.relative_to(ROOT)): len(lines)
        for path, lines in text_files()
        if path.suffix in {".py", ".cs", ".js", ".ts", ".css"}
        and not path.is_relative_to(BUILT)
        and len(lines) > MAX_LINES
    }
    assert not long, f"over {MAX_LINES} lines, one concept a file: {long}"


def test_constraints_pin_everything_we_ask_for() -> None:
    pinned = set(
        re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    pinned_names = {re.sub(r"[-_.]+", "-", name).lower() for name in pinned}
    requirements = importlib.metadata.requires("transflower-bridge") or []
    asked_names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", line)[0]).lower() for line in requirements}  # type: ignore[index]
    assert asked_names <= pinned_names, f"not in constraints.txt: {asked_names - pinned_names}"


REPLACED = {
    *(
        "backstage",
        "crew",
        "desk",
        "doorway",
        "evil",
        "fate",
        "foretell",
        "foretold",
        "gaze",
        "guest",
        "homesick",
        "news",
    ),
    *("told", "untold", "wish", "wished", "wishes", "witness"),
}
"""Words for which GLOSSARY.md has another."""
KEPT_NAMES = {
    *("told_dims", "told_mean", "enter_told"),  # in dancers' files
    *("told_ms", "told_energy"),  # in the click test's JSON; an option of `transflower-train calibrate`
    "desk",  # an option of examples/lights_on_the_beat.py: a lighting desk
    "News",  # Unity's former name, which warns
}
NO_CODE = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`[^`]*`", re.DOTALL)


def identifiers(path: Path, text: str) -> set[str]:
    """The names in a file of code, without those in comments and strings."""
    if path.suffix == ".py":
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        return {token.string for token in tokens if token.type == tokenize.NAME}
    return set(re.findall(r"[A-Za-z_]\w*", NO_CODE.sub(" ", text)))


def test_no_name_bears_a_word_that_the_glossary_replaced() -> None:
    words = "|".join(sorted(REPLACED))
    anywhere = re.compile(rf"(?<![a-z])(?:{words})(?![a-z])|(?:{words.title()})(?![a-z])")
    wrong = []
    for path, lines in text_files():
        if path.suffix not in (".py", ".cs", ".ts") or BUILT in path.parents or path == Path(__file__):
            continue
        text = "\n".join(lines) + "\n"
        lowered = text.lower()
        if any(word in lowered for word in REPLACED) and anywhere.search(text) is not None:
            names = identifiers(path, text) - KEPT_NAMES
            wrong += [f"{path.relative_to(ROOT)}: {name}" for name in names if anywhere.search(name)]
    assert not wrong


def test_each_public_class_has_a_name_of_its_own() -> None:
    """Among the packages; the Blender extension, which imports none of them, has a `Take` and a `Skeleton` too."""
    places = collections.defaultdict(list)
    for path, lines in text_files():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES:
            for line in lines:
                if line.startswith("class ") and not line.startswith("class _"):
                    places[re.split(r"\W", line[6:])[0]].append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_constants_of_modules_are_final() -> None:
    """So that mypy refuses to assign them again. A name of one letter is a type variable or an alias of a package."""
    is_open = re.compile(r"_?[A-Z][A-Z0-9_]+(?:: (?!Final\b)[^=]+)? = ")
    wrong = [
        f"{path.relative_to(ROOT)}: {line}"
        for path, lines in text_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in (*PACKAGES, "blender_addon")
        for line in lines
        if is_open.match(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_what_makes_things_for_the_wheel_is_not_in_it() -> None:
    """Nor does anything that is in it need it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["exclude"]) == {"bridge/stage/web", "bridge/stage/default_avatar"}
    assert all((ROOT / folder).is_dir() for folder in wheel["exclude"])
    for path, lines in text_files():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES and "default_avatar" not in path.parts:
            assert not any("bridge.stage.default_avatar" in line for line in lines), path
