"""Writes docs/api.md: what `import data, models, training` offers, each name with the first line of its docstring.

Run by `make tables`; tests/docs/test_site.py compares.
"""

import inspect
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs/api.md"
_HEAD = """# API: what stays as it is

<!-- Written by `make tables` from docstrings: change these. -->

`import data, models, training` offers these names, which stay as they are from version to version; modules below are
for who reads the sources. `help(data.read_bvh)` says more of each, and the site (`make docs`) shows all of it. How
they go together stands in [research](research.md#as-a-library), in the notebook `examples/sound_to_hand.ipynb`, and in
[the examples](../examples/README.md).
"""


def page() -> str:
    """The whole page."""
    import data
    import models
    import training

    return _HEAD + "".join(_section(package) for package in (data, models, training))


def _section(package: ModuleType) -> str:
    name = package.__name__
    purpose = (package.__doc__ or "").splitlines()[0]
    lines = ["", f"## {name}", "", purpose, "", "| name | what it is | source |", "|---|---|---|"]
    for each in sorted(package.__all__, key=str.lower):
        public = getattr(package, each)
        words, path = "Each by its name.", f"{name}/public.py"
        if inspect.isclass(public) or inspect.isfunction(public):
            file = inspect.getsourcefile(inspect.unwrap(public))
            assert file is not None, each
            words, path = first_line(public), Path(file).relative_to(ROOT).as_posix()
        lines.append(f"| `{name}.{each}` | {words} | [{path}](../{path}) |")
    return "\n".join(lines) + "\n"


def first_line(public: object) -> str:
    """The first paragraph of a docstring, on one line of a table."""
    paragraph = " ".join((inspect.getdoc(public) or "").split("\n\n")[0].split())
    return paragraph.replace("|", r"\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
