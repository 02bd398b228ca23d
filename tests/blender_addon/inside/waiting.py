"""`wait_until` of all tests, by the path of its file: Blender's Python is to import nothing else of the repository."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("tests_waiting", Path(__file__).parents[2] / "waiting.py")
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

wait_until = _module.wait_until
