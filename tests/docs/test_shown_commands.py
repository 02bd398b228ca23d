"""Every command that a document or a help text shows is one that its program takes: judged by the program's own parser.

Nothing is passed over in silence. What stands for something of the reader's own is in `PLACEHOLDERS`, what is not ours
in `NOT_OURS`, and what cannot be judged in `NOT_CHECKED`; a row that is not needed any more fails.
"""

import contextlib
import io
import re
from collections.abc import Callable
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from tests.docs import command_parsers
from tests.docs.command_parsers import PYTHONS, SUBCOMMANDS, TrainParsers, WrongLineError
from tests.docs.documents import ROOT, Line, block_lines, blocks, help_lines, programs, spans

CONFIG = "training/hparams/debug/transflower.yaml"

PLACEHOLDERS = {
    **{"...": CONFIG, "FILE": CONFIG, "MODEL": "transflower", "SEED": "1", "CKPT": "last.ckpt", "RUN": "version_0"},
    **{"TAKE": "evening.take", "DANCER": "dancer", "DANCERS": "dancer.safetensors"},
    **{"DANCES": "dances", "SONGS": "song.wav"},
    **{"CLIPS": "clips", "FOLDER": "clips", "PREPARED": "prepared", "REPORT": "report", "CORPUS": "corpus"},
    "STEMS": "stems",
    **{"HOST": "0.0.0.0", "PORT": "39540", "ADDRESS": "192.168.1.20", "HEADSET": "192.168.1.30", "NAME": "HDMI"},
    "USB": "USB",  # stands for itself: a part of a device's name
}
"""Words of three capitals or more, and dots that are a word: what is typed in their place."""

NOT_OURS = {
    "ffmpeg": "a program of others, which is not needed to build or test",
    "apt": "installs for the whole machine",
    "adb": "speaks to a headset on a cable",
}
"""Programs, and why their lines are not judged."""

NOT_CHECKED = {
    "--target protocol[:host][:port][,option=value...]": "the grammar of a target; tests/bridge/test_targets.py",
}
"""Lines, and why they are not judged."""

VALUES = ("1", "120", "onnx", "vmc", "HO", "HO-1", "audio")
"""An option that is named without its value must take one of these, or none."""

BASES = (
    ["pytest"],
    ["transflower", "perform"],
    ["transflower", "generate", "song.mp3"],
    ["transflower", "render", "dance.bvh", "-o", "dance.mp4"],
    ["transflower", "plot", "evening.take", "-o", "evening.png"],
    ["transflower", "doctor"],
    ["transflower-data", "inspect", "clips"],
    ["transflower-data", "prepare", "clips", "-o", "prepared"],
    ["transflower-train", "beats", "songs"],
    ["transflower-train", "beat-network", "stems", "-o", "weights.npz"],
    ["transflower-train", "evaluate", "dancer.safetensors", "--folder", "prepared", "-o", "report"],
    ["transflower-train", "generate", "model.safetensors", "--folder", "people", "-o", "made"],
    ["transflower-train", "fit", "--config", "training/hparams/small/transflower.yaml", "--data.folder", "prepared"],
)
"""Commands to which options that are shown alone may belong."""

MADE = ("training/experiments/",)
"""Folders of ours that are not there before somebody trains."""

_ASSIGNMENT = re.compile(r"^([A-Z][A-Z0-9_]+)=")
_PLACEHOLDER = re.compile(r"\b[A-Z]{3,}\b")
_PATH = re.compile(r"(?:bridge|data|docs|examples|models|training|tests|blender_addon|unity_client)/[\w.*/~-]+")


def program_of(words: list[str]) -> str:
    """The program's name, wherever it lies; empty for options alone."""
    typed = [word for word in words if not _ASSIGNMENT.match(word)]
    return typed[0].rsplit("/", 1)[-1] if typed and not typed[0].startswith("-") else ""


def is_typed(text: str) -> bool:
    """Whether inline code is something to type: a program of ours or of others, options, or an extra for pip."""
    if re.match(r"--?[a-z]|\"\.\[|[A-Z][A-Z0-9_]+=", text):
        return True
    program = text.split()[0].rsplit("/", 1)[-1]
    if program in (*SUBCOMMANDS, *PYTHONS, "make", "pip", "pytest", *NOT_OURS):
        return " " in text or program in SUBCOMMANDS
    return bool(re.search(r"^[a-z-]+ (.* )?--?[a-z]", text)) and any(program in known for known in SUBCOMMANDS.values())


LINES = list(
    {
        line.text: line
        for line in reversed([*block_lines(), *help_lines(), *(span for span in spans() if is_typed(span.text))])
    }.values()
)[::-1]


@pytest.fixture(scope="module")
def train() -> TrainParsers:
    return TrainParsers()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the show that the README writes down."""
    (show,) = (block.text for block in blocks() if block.language == "yaml")
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "show.yaml").write_text(show, encoding="utf-8")
    return folder


@pytest.mark.parametrize("line", [pytest.param(line, id=str(line)) for line in LINES])
def test_a_line_that_is_shown_can_be_typed(
    line: Line, train: TrainParsers, workspace: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
):
    judges: dict[str, Callable[[list[str]], None]] = {
        **command_parsers.TYRO,
        "transflower-train": train,
        "make": command_parsers.make,
        "pip": command_parsers.pip,
        "pytest": lambda words: command_parsers.pytest_line(words, pytestconfig),
        **dict.fromkeys(PYTHONS, lambda words: command_parsers.python(words, pytestconfig)),
    }

    def judge(words: list[str]) -> None:
        program = program_of(words)
        monkeypatch.chdir(workspace if program == "transflower" else ROOT)
        judges[program](words[1:])

    if line.text in NOT_CHECKED:
        return
    for typed in programs(line.text):
        if program_of(typed) in NOT_OURS:
            continue
        words = [filled(word) for word in typed if not _ASSIGNMENT.match(word)]
        require_environment([word for word in typed if _ASSIGNMENT.match(word)])
        require_paths(words)
        candidates = list(complete_lines(line, words)) if words else []
        problems = []
        for candidate in candidates:
            try:
                judge(candidate)
                break
            except WrongLineError as problem:
                problems.append(problem)
        else:
            assert not candidates, f"{line}\n" + "\n".join(map(str, problems))


def filled(word: str) -> str:
    """The word with something in the place of its placeholders."""
    if word == "...":
        return PLACEHOLDERS[word]
    unknown = set(_PLACEHOLDER.findall(word)) - set(PLACEHOLDERS)
    assert not unknown, f"{word}: what may be typed for {', '.join(unknown)}? Say it in PLACEHOLDERS"
    return _PLACEHOLDER.sub(lambda found: PLACEHOLDERS[found.group()], word)


def complete_lines(line: Line, words: list[str]) -> list[list[str]]:
    """Whole command lines, one of which must be right."""
    program = program_of(words)
    if words[0].startswith(".["):
        return [["pip", "install", "-e", words[0]]]
    if not program:
        # Who documents training or the tests means their options first.
        topic = {"training": "transflower-train", "models": "transflower-train", "tests": "pytest"}
        first = topic.get(line.document.split("/")[0], "transflower")
        bases = sorted((base for base in BASES if has_options(base, words)), key=lambda base: base[0] != first)
        return [base + words + value for base in bases for value in values(words)]
    if program not in SUBCOMMANDS:
        owners = [owner for owner, known in SUBCOMMANDS.items() if program in known]
        # as `perform --file`, and any other program as it is
        return [[owner, *words, *value] for owner in owners for value in values(words)] or [[program, *words[1:]]]
    if len(words) == 1:
        return [[program, "--help"]]
    # A command that is only named, as `transflower generate`, need not be a whole line.
    named = [[program, words[1], "--help"]] if len(words) == 2 else []
    return [[program, *words[1:]], *named]


def has_options(base: list[str], words: list[str]) -> bool:
    """Whether a command may have these options, by its help; Lightning's and pytest's own parsers are asked later."""
    if base[0] == "pytest" or base[1] == "fit":
        return True
    return {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)} <= options_of(base[0], base[1])


@cache
def options_of(program: str, subcommand: str) -> set[str]:
    """What the help of a command names."""
    with contextlib.redirect_stdout(io.StringIO()) as printed, pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        if program == "transflower-train":
            TrainParsers()([subcommand, "--help"])
        else:
            command_parsers.TYRO[program]([subcommand, "--help"])
    return set(re.findall(r"(?<![\w-])--?[a-z][\w.-]*", printed.getvalue()))


def values(words: list[str]) -> list[list[str]]:
    """What may follow: nothing, or a value for an option that is named without one."""
    return [[], *([value] for value in VALUES)] if words[-1].startswith("-") else [[]]


def require_environment(assignments: list[str]) -> None:
    """Says whether somebody here reads these variables, or names them to a library."""
    folders = ("tests", "bridge", "models")
    for name in (word.split("=")[0] for word in assignments):
        sources = chain(*((ROOT / folder).rglob("*.py") for folder in folders), [ROOT / "Makefile"])
        here = Path(__file__)
        assert any(name in path.read_text(encoding="utf-8") for path in sources if path != here), f"nobody reads {name}"


def require_paths(words: list[str]) -> None:
    """Says whether what these words name in the repository is there."""
    for path in chain(*(_PATH.findall(word) for word in words if _PATH.match(word))):
        assert path.startswith(MADE) or any(ROOT.glob(path)), f"there is no {path}"


def test_enough_lines_are_found():
    """If a document is written in another way, the tests above must not become fewer in silence."""
    assert len(block_lines()) >= 20
    assert len(help_lines()) >= 60
    assert len(LINES) >= 150


def test_no_row_of_the_tables_is_stale():
    texts = [line.text for line in LINES]
    words = [word for text in texts for typed in programs(text) for word in typed]
    assert set(NOT_CHECKED) <= set(texts)
    stale = {name for name in NOT_OURS if not any(program_of(typed) == name for t in texts for typed in programs(t))}
    assert not stale, f"NOT_OURS: {stale}"
    used = {"...", *chain(*map(_PLACEHOLDER.findall, words))} if "..." in words else set()
    assert set(PLACEHOLDERS) <= used, f"PLACEHOLDERS: {set(PLACEHOLDERS) - used}"


def test_a_wrong_line_is_refused(train: TrainParsers, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config):
    """The judges can really say no."""
    monkeypatch.chdir(ROOT)
    wrong: list[tuple[Callable[[list[str]], None], str]] = [
        (command_parsers.transflower, "perfrom"),
        (command_parsers.transflower, "perform --leash-mm 2"),
        (command_parsers.transflower, "perform --leash-m wide"),
        (command_parsers.transflower, "perform --leash-m 21"),
        (command_parsers.transflower, "perform --style polka"),
        (command_parsers.transflower, "perform --target osc:1.2.3.4"),
        (command_parsers.transflower_data, "prepare clips/"),
        (train, "fit --config training/hparams/small/transflower.yaml --model.learning_speed 1"),
        (train, "fit --config training/hparams/small/transflower.yaml --model.learning_rate fast"),
        (train, "lr-find --config training/hparams/small/transflower.yaml --stepz 3"),
        (train, "evaluate a.safetensors --folder prepared -o report --num-dance 3"),
        (command_parsers.make, "tests"),
        (command_parsers.pip, "install -e .[dev,midy]"),
        (lambda words: command_parsers.python(words, pytestconfig), "-m tests.repeated"),
        (lambda words: command_parsers.python(words, pytestconfig), "-m tests.stage.stage_picture docs --sing"),
        (lambda words: command_parsers.pytest_line(words, pytestconfig), "-m fast tests"),
        (lambda words: command_parsers.pytest_line(words, pytestconfig), "tests/gone"),
    ]
    for judge, text in wrong:
        with pytest.raises(WrongLineError):
            judge(text.split())


@pytest.mark.parametrize(
    ("program", "subcommand"),
    [(program, name) for program, known in SUBCOMMANDS.items() if program != "transflower-train" for name in known],
)
def test_every_command_explains_itself(program: str, subcommand: str, capsys: pytest.CaptureFixture[str]):
    command_parsers.TYRO[program]([subcommand, "--help"])
    assert f"usage: {program} {subcommand}" in capsys.readouterr().out


def test_a_show_that_is_written_down_can_be_performed(workspace: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(workspace)
    command_parsers.transflower(["perform", "--config", "show.yaml"])


def test_files_that_documents_name_are_there():
    """Files and folders as inline code, seen from the root or from beside the document."""
    missing = []
    for span in spans():
        if re.fullmatch(rf"(?:\./)?{_PATH.pattern}", span.text) and not f"{span.text}/".startswith(MADE):
            beside = (ROOT / span.document).parent
            if not any(chain(ROOT.glob(span.text), beside.glob(span.text))):
                missing.append(str(span))
    assert not missing, "\n".join(missing)


def test_fenced_blocks_are_of_kinds_that_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Shell lines and the show here; `hex` by the tests of the golden datagrams; `mermaid` draws, and `text`
    is what programs print. Python is executed.
    """
    monkeypatch.chdir(tmp_path)
    for block in blocks():
        assert block.language in {"sh", "powershell", "yaml", "hex", "mermaid", "python", "text"}, block
        if block.language == "python":
            exec(compile(block.text, block.document, "exec"), {"__name__": "__main__"})
