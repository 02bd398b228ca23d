"""The notebook runs from its first cell to its last, in a folder of its own; only the training is shorter."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import data
import models
import training
from models.files.modality_checkpoint import load

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "examples" / "sound_to_hand.ipynb"
PARAMETERS = {"STEPS": 3, "NUM_BEATS": 4}


@pytest.mark.filterwarnings("ignore")  # of matplotlib without a screen, and of Lightning
def test_the_notebook_runs(tmp_path, monkeypatch):
    """By its cells' own code in this process: a kernel of Jupyter's would take longer than all of them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells), "kept without outputs"
    names = {"__name__": "__main__"}
    for number, cell in enumerate(cells):
        exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)
        if "parameters" in cell["metadata"].get("tags", ()):
            assert PARAMETERS.keys() <= names.keys()
            names |= PARAMETERS
    with Image.open("hand.png") as drawn:
        assert drawn.size[0] > 300
    assert load(tmp_path / "hand.safetensors").model.layout.output("hand").dims == 2
    made = names["made"]
    assert len(made) == 3
    assert all(np.isfinite(each.outputs["hand"]).all() for each in made)


@pytest.mark.parametrize("package", [data, models, training], ids=lambda package: package.__name__)
def test_public_names_are_there_documented_and_listed(package):
    for name in package.__all__:
        public = getattr(package, name)
        assert name in package.__doc__, f"{package.__name__}.{name} is not in the package's docstring"
        assert public.__doc__, f"{package.__name__}.{name} has no docstring"
        assert name in dir(package)
        assert not (Path(package.__path__[0]) / f"{name}.py").exists(), "a module of this name would hide it"
    assert sorted(package.__all__) == sorted(package.public.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing


def test_a_training_as_a_function_says_what_is_wrong(tmp_path):
    with pytest.raises(ValueError, match="there is no model 'dancer' of size 'debug' for modalities; there are flow_m"):
        training.fit(tmp_path, "a:2 -> b:1@1", model="dancer")
    with pytest.raises(ValueError, match="holds no features"):
        training.fit(tmp_path, "a:2 -> b:1@1")
