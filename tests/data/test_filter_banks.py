"""The banks that are kept are librosa's, and hearing needs neither librosa nor the slow parts of SciPy."""

import subprocess
import sys

import numpy as np
import pytest

from data.sound import filter_banks


@pytest.mark.xdist_group("librosa")
def test_the_banks_that_are_kept_are_those_that_librosa_makes() -> None:
    made = filter_banks.make_banks()
    with np.load(filter_banks.FILE) as kept:
        assert set(kept.files) == set(made)
        for name, bank in made.items():
            assert kept[name].dtype == bank.dtype
            # Another processor or version may round the last bit of a number otherwise.
            np.testing.assert_allclose(kept[name], bank, rtol=1e-6, atol=1e-12, err_msg=name)


def test_a_bank_that_is_not_kept_is_named() -> None:
    with pytest.raises(ValueError, match=r"no mel_512_8; add it there: python -m data\.sound\.filter_banks"):
        filter_banks.mel_bank(512, 8)


def test_banks_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        filter_banks.hann(1024)[0] = 1.0


def test_who_performs_needs_neither_librosa_nor_the_signal_part_of_scipy() -> None:
    code = (
        "import sys; import numpy as np; import bridge.commands.perform\n"
        "from bridge.dancer.dancer_file import DancerFile\n"
        "from data.sound.audio_features import AudioFeatures\n"
        "DancerFile.open().load_engine(device='cpu').warm_up()\n"
        "hears = AudioFeatures(); hears.step(np.zeros(48_000, np.float32), hears.initial_state())\n"
        "slow = {'librosa', 'numba', 'scipy.signal', 'scipy.stats', 'matplotlib'}\n"
        "unneeded = {'scipy.fft', 'scipy.special', 'joblib', 'torch._dynamo', 'onnxruntime', 'pytorch_lightning'}\n"
        "found = (slow | unneeded) & sys.modules.keys()\n"
        "import data.music\n"
        "found |= slow & sys.modules.keys()\n"
        "sys.exit(f'imported: {found}' if found else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
