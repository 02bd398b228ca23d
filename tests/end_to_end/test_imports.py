"""What a program imports before it does anything: `--help` is there at once, and a command loads what it needs."""

import subprocess
import sys

import pytest

from bridge.cli import COMMANDS as TRANSFLOWER
from data.cli import COMMANDS as TRANSFLOWER_DATA
from training import cli as training_cli

NUMBERS = {"numpy", "scipy", "librosa", "numba", "soundfile", "matplotlib", "joblib", "PIL"}
NETWORKS = {"torch", "onnxruntime", "pytorch_lightning", "torchmetrics", "jsonargparse"}
OTHERS = {
    "aiohttp",
    "cryptography",
    "sounddevice",
    "yaml",
    "psutil",
    "pythonosc",
    "segno",
    "multiprocessing",
}


def imported(line: str) -> set[str]:
    """Modules, and packages within packages, that are there when a line such as `bridge.cli --help` is done."""
    module, *words = line.split()
    code = (
        f"import sys; from {module} import main; sys.argv[1:] = {words}\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code in (0, None), end.code\n"
        "print('IMPORTED', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8")
    return set(done.stdout.rpartition("IMPORTED ")[2].split())


@pytest.mark.parametrize("program", ["bridge.cli", "data.cli", "training.cli"])
def test_help_imports_nothing_that_computes(program: str) -> None:
    found = imported(f"{program} --help") & (NUMBERS | NETWORKS | OTHERS)
    assert not found


@pytest.mark.parametrize(
    ("line", "unneeded"),
    [
        (
            "bridge.cli perform --help",
            NETWORKS | OTHERS | (NUMBERS - {"numpy", "scipy"}) | {"scipy.fft", "scipy.special"},
        ),
        ("bridge.cli generate --help", NETWORKS | (NUMBERS - {"numpy", "scipy", "soundfile"}) | {"scipy.fft"}),
        ("bridge.cli render --help", NETWORKS | OTHERS | (NUMBERS - {"numpy"})),
        ("bridge.cli takes .", NETWORKS | {"librosa", "matplotlib", "scipy.fft", "scipy.special", "scipy.signal"}),
        ("data.cli music --help", NETWORKS | OTHERS | NUMBERS),
        ("data.cli prepare --help", NETWORKS | OTHERS | NUMBERS),
    ],
)
def test_a_command_imports_what_it_needs(line: str, unneeded: set[str]) -> None:
    found = imported(line) & unneeded
    assert not found


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"]])
@pytest.mark.parametrize("table", [TRANSFLOWER, TRANSFLOWER_DATA], ids=lambda table: table.program)
def test_the_overview_names_every_command_on_one_screen(table, words: list[str], capsys) -> None:
    """Of 80 columns and 24 lines, with a line for the prompt."""
    with pytest.raises(SystemExit, match="0"):
        table.parse(words)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80
    for name, command in table.commands.items():
        assert any(line.split() == [name, *command.summary.split()] for line in lines), name
        assert table.load(name).__doc__


@pytest.mark.parametrize("table", [TRANSFLOWER, TRANSFLOWER_DATA], ids=lambda table: table.program)
def test_the_shell_can_complete_every_option(table, capsys) -> None:
    with pytest.raises(SystemExit) as end:
        table.parse(["--tyro-print-completion", "bash"])
    assert not end.value.code
    printed = capsys.readouterr().out
    for option in {"transflower": ("perform", "--style-guidance"), "transflower-data": ("prepare", "--map")}[
        table.program
    ]:
        assert option in printed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["perfrom"], "there is no command 'perfrom'; did you mean perform? transflower --help lists all"),
        (["polka"], "there is no command 'polka'; transflower --help lists all"),
        (["--seed", "3"], "a command's name comes first"),
        (["--seed", "3", "perform", "--quiet"], "command's name: transflower perform --seed 3 --quiet"),
        (["perform", "--temprature", "1"], "transflower perform --help"),
        (["takes", "a", "b"], "transflower takes --help"),
    ],
)
def test_a_wrong_line_is_answered_with_where_help_is(words: list[str], message: str, capsys) -> None:
    with pytest.raises(SystemExit, match="2"):
        TRANSFLOWER.parse(words)
    assert message in capsys.readouterr().err


def test_a_mistyped_command_of_training_is_answered_with_the_one_that_was_meant() -> None:
    with pytest.raises(ValueError, match="there is no command 'evalute'; did you mean evaluate"):
        training_cli._run("evalute", [])
    for name in (*training_cli.OURS, "fit", "validate"):
        assert f"transflower-train {name}" in training_cli.USAGE


def test_a_name_may_be_typed_with_underscores() -> None:
    command = TRANSFLOWER.parse(["export_model", "a.safetensors", "b.onnx"])
    assert type(command) is TRANSFLOWER.load("export-model")
