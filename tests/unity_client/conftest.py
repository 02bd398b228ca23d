"""Fixtures of the C# tests: libraries are compiled, and their tests run, once."""

from pathlib import Path

import pytest

from tests.unity_client.csharp import CORE, NUNIT, PACKAGE, compile_csharp, sources


@pytest.fixture(scope="session")
def core_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's engine-free half, compiled."""
    return compile_csharp(tmp_path_factory.mktemp("csharp") / CORE, sources(PACKAGE / "Runtime/Core"))


@pytest.fixture(scope="session")
def core_tests(core_library: Path) -> Path:
    """Its tests, compiled."""
    output = core_library.parent / "Transflower.Core.Tests.dll"
    return compile_csharp(output, sources(PACKAGE / "Tests/Core"), [core_library, NUNIT])
