"""The machine code that the package brings: made of these sources, and taken only where it can run."""

import ast
import importlib.metadata
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
import pytest

from models.fast_step import machine_code, prebuilt
from models.fast_step.fast_stepper import FastStepper
from models.fast_step.flat_code import FlatCode, flattened
from models.fast_step.forms import ENTRY, PROCESSORS, Form
from models.fast_step.machine_code import CodeTarget, Kernel
from models.step.noise import frame_noise

here = pytest.mark.skipif(prebuilt.find() is None, reason="the package brings machine code for Linux on x86-64 alone")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the files that the package brings."""
    shutil.copytree(prebuilt.FOLDER, tmp_path / "prebuilt")
    monkeypatch.setattr(prebuilt, "FOLDER", tmp_path / "prebuilt")
    prebuilt._read.cache_clear()
    yield tmp_path / "prebuilt"
    prebuilt._read.cache_clear()


def compilers_of_ours() -> None:
    """Passes over a test where others than those of the package's machine code are installed."""
    found = prebuilt.find()
    assert found is not None
    installed = {name: importlib.metadata.version(name) for name in prebuilt.COMPILERS}
    if found.compilers != installed:
        pytest.skip(f"it was compiled by {found.compilers}, here are {installed}; constraints.txt has the former")


@here
@pytest.mark.long
def test_all_of_it_is_made_of_these_sources() -> None:
    """The short form compiles one of its files (`test_one_form_is_made_of_these_sources_whatever_is_around_them`)."""
    compilers_of_ours()
    kept, made = {path.name: path.read_bytes() for path in prebuilt.FOLDER.iterdir()}, prebuilt.make()
    # By name alone: what differs in twenty kilobytes of machine code, pytest would work out for minutes.
    changed = [name for name in sorted(kept.keys() | made.keys()) if kept.get(name) != made.get(name)]
    assert not changed, "renew it: python -m models.fast_step.prebuilt"


@here
def test_one_form_is_made_of_these_sources_whatever_is_around_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the current folder, nor what others print, nor Numba's own variables get into the machine code."""
    compilers_of_ours()
    foreign = tmp_path / "foreign"
    (foreign / "models").mkdir(parents=True)
    for name in ("models/__init__.py", "random.py"):
        (foreign / name).write_text("raise ImportError('foreign')\n")
    chatty = tmp_path / "chatty"
    chatty.mkdir()
    (chatty / "sitecustomize.py").write_text("print('good morning')\n")
    monkeypatch.chdir(foreign)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(chatty), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("NUMBA_DUMP_IR", "1")
    monkeypatch.setenv("NUMBA_CPU_NAME", "skylake")
    code = machine_code.compiled_apart(CodeTarget(form="plain", processor=PROCESSORS["plain"], features=""))
    kept = (prebuilt.FOLDER / "plain.bin").read_bytes()
    is_kept = flattened(code, ENTRY).to_bytes() == kept
    assert is_kept, "renew it: python -m models.fast_step.prebuilt"


def test_it_is_not_forgotten_when_the_sources_change() -> None:
    assert prebuilt.sources_digest() in (prebuilt.FOLDER / prebuilt.INDEX).read_text(encoding="utf-8"), (
        "renew it: python -m models.fast_step.prebuilt"
    )


def test_what_the_sources_take_from_others_are_sources_too() -> None:
    taken = {
        (node.module.rpartition(".")[2], alias.name)
        for name in prebuilt.SOURCES
        for node in ast.walk(ast.parse((prebuilt.FOLDER.parent / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith("models")
        for alias in node.names
    }
    assert ("forms", "ROWS_TOGETHER") in taken
    others = {(module, name) for module, name in taken if f"{module}.py" not in prebuilt.SOURCES}
    assert others <= {("machine_code", "link")}, "what decides the code belongs into a source"


@here
@pytest.mark.parametrize("form", PROCESSORS)
def test_it_dances_as_what_is_compiled_here(form: Form, request: pytest.FixtureRequest) -> None:
    if prebuilt.find(form) is None:
        pytest.skip(f"this processor has no {form}")
    brought = FastStepper(kernel=Kernel(form))
    assert brought.model._machines._kernel.target.processor == PROCESSORS[form]
    request.getfixturevalue("nothing_prebuilt")
    compiled = FastStepper(kernel=Kernel())
    assert compiled.model._machines._kernel.target.processor not in PROCESSORS.values()
    states = [stepper.initial_state(seed=1) for stepper in (brought, compiled)]
    music = np.random.default_rng(1).standard_normal((20, brought.music_dims)).astype(np.float32)
    for frame, heard in enumerate(music):
        noise = frame_noise(1, frame, brought.noise_dims)
        vector, states[0] = brought.step(heard, states[0], noise)
        other, states[1] = compiled.step(heard, states[1], noise)
        np.testing.assert_allclose(vector, other, atol=1e-5, rtol=0)
    assert np.abs(states[0].pose - brought.initial_state(seed=1).pose).max() > 1e-3


@here
def test_what_is_damaged_or_of_other_sources_is_not_taken(folder: Path) -> None:
    form = machine_code.target().form
    assert prebuilt.find(form) is not None
    for path in (folder / f"{form}.bin", folder / prebuilt.INDEX):
        content = path.read_bytes()
        for damaged in (content[:-2], content[:60] + b"?" + content[61:], b""):
            path.write_bytes(damaged)
            prebuilt._read.cache_clear()
            assert prebuilt.find(form) is None
        path.write_bytes(content)
    prebuilt._read.cache_clear()
    assert prebuilt.find(form) is not None


@here
def test_a_processor_without_the_instructions_takes_another_form(monkeypatch: pytest.MonkeyPatch) -> None:
    level_2 = prebuilt._V2
    for flags, form in ((level_2, "plain"), (prebuilt._FLAGS["avx2"], "avx2"), (level_2 - {"sse4_1"}, None)):
        monkeypatch.setattr(prebuilt, "processor_flags", lambda flags=flags: flags)
        prebuilt._read.cache_clear()
        found = prebuilt.find()
        assert (None if found is None else found.form) == form
    prebuilt._read.cache_clear()


def test_code_that_calls_the_world_outside_is_no_flat_code() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_triple("x86_64-unknown-linux-gnu").create_target_machine(reloc="pic")

    def made(text: str) -> bytes:
        return machine.emit_object(llvm.parse_assembly(text))

    inside = "@table = internal constant [2 x i32] [i32 3, i32 4]\ndefine i32 @entry(i64 %i) {\n" \
        "%p = getelementptr i32, ptr @table, i64 %i\n%x = load i32, ptr %p\nret i32 %x\n}"  # fmt: skip
    code = flattened(made(inside), "entry")
    assert FlatCode.from_bytes(code.to_bytes()) == code
    with pytest.raises(ValueError, match="there is no exit in it"):
        flattened(made(inside), "exit")
    outside = "declare i32 @puts(ptr)\ndefine i32 @entry(ptr %p) {\n%x = call i32 @puts(ptr %p)\nret i32 %x\n}"
    with pytest.raises(ValueError, match="refers to what it does not hold"):
        flattened(made(outside), "entry")
    with pytest.raises(ValueError, match="not an ELF object"):
        flattened(b"MZ", "entry")
    for damaged in (b"", b"?", code.to_bytes()[:-1]):
        with pytest.raises(ValueError, match="flat machine code"):
            FlatCode.from_bytes(damaged)
