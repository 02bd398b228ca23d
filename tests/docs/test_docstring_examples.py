"""The examples in docstrings are true: each is executed, in a folder that is thrown away."""

import doctest
import importlib
import inspect
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.documents import ROOT

PACKAGES = ("bridge", "data", "models", "training", "blender_addon.core")
FEWEST = {"bridge": 14, "data": 17, "models": 8, "training": 4, "blender_addon.core": 5}
"""Modules with examples, at least; so the tests do not become fewer in silence."""


def modules_with_examples() -> list[str]:
    """Names of modules whose source has a prompt in it; nothing is imported for it but the packages themselves."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package.replace(".", "/")).rglob("*.py"))]
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in paths
        if ">>> " in path.read_text(encoding="utf-8")
    ]


def examples(module: ModuleType) -> list[doctest.DocTest]:
    """All docstrings of a module that have examples, those of functions that a decorator hides included."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    tests = {test.name: test for test in finder.find(module, module.__name__)}
    for name, member in vars(module).items():
        unwrapped = inspect.unwrap(member) if callable(member) else member
        if unwrapped is not member and getattr(unwrapped, "__module__", None) == module.__name__:
            for test in finder.find(unwrapped, f"{module.__name__}.{name}", module=module, globs=vars(module).copy()):
                tests.setdefault(test.name, test)
    return [test for test in tests.values() if test.examples]


@pytest.mark.parametrize("name", modules_with_examples())
def test_the_examples_of_a_module_are_true(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    module = importlib.import_module(name)
    found = examples(module)
    prompts = Path(str(module.__file__)).read_text(encoding="utf-8").count(">>> ")
    assert sum(len(test.examples) for test in found) == prompts, "a docstring with an example was not found"
    for test in found:
        folder = tmp_path / test.name
        folder.mkdir()
        monkeypatch.chdir(folder)
        output: list[str] = []
        result = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF).run(test, out=output.append)
        assert result.failed == 0, "".join(output)


def test_there_are_as_many_as_a_newcomer_needs():
    modules = modules_with_examples()
    for package, fewest in FEWEST.items():
        found = [name for name in modules if name.startswith(f"{package}.")]
        assert len(found) >= fewest, f"{package}: {found}"
