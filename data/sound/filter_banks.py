"""The windows and filter banks of the sound features: made by librosa and SciPy, kept in a file.

Importing librosa and `scipy.signal` takes two seconds of a processor, for which each start of a performance would wait.
`python -m data.sound.filter_banks` makes the file again; a test holds it to what librosa makes.
"""

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from data.sound.streaming import FloatArray

FILE: Final = Path(__file__).with_name("filter_banks.npz")
MIN_FREQUENCY_HZ: Final = 30.0
MAX_FREQUENCY_HZ: Final = 11_000.0  # the resampler's cut-off lies just above
SAMPLE_RATE_HZ: Final = 24_000
MEL_BANKS: Final = ((1024, 64), (2048, 80))
"""Samples of the window and bands of each bank."""
CHROMA_WINDOWS: Final = (4096,)


def hann(num_samples: int) -> FloatArray:
    """A periodic Hann window, (num_samples,)."""
    return _read(f"hann_{num_samples}")


def mel_bank(window_samples: int, num_bands: int) -> FloatArray:
    """Weights of the bins of a power spectrum, (bands, bins): Slaney's mel scale, each band normalised by its area."""
    return _read(f"mel_{window_samples}_{num_bands}")


def mel_centres_hz(num_bands: int) -> FloatArray:
    """Centre of each band, (bands,)."""
    return _read(f"mel_centres_hz_{num_bands}")


def chroma_bank(window_samples: int) -> FloatArray:
    """Weights of the bins of a power spectrum in the twelve pitch classes, (12, bins), C first, A at 440 Hz."""
    return _read(f"chroma_{window_samples}")


def _read(name: str) -> FloatArray:
    banks = _banks()
    if name not in banks:
        raise ValueError(
            f"{FILE.name} holds {', '.join(banks)}, no {name}; add it there: python -m data.sound.filter_banks"
        )
    return banks[name]


@cache
def _banks() -> dict[str, FloatArray]:
    with np.load(FILE) as file:
        banks = {name: file[name] for name in file.files}
    for bank in banks.values():
        bank.flags.writeable = False
    return banks


def make_banks() -> dict[str, FloatArray]:
    """All banks, as librosa and SciPy make them."""
    import librosa
    from scipy.signal import get_window

    low, high = MIN_FREQUENCY_HZ, MAX_FREQUENCY_HZ
    banks: dict[str, FloatArray] = {}
    for window in sorted({*CHROMA_WINDOWS, *(window for window, _ in MEL_BANKS)}):
        banks[f"hann_{window}"] = get_window("hann", window).astype(np.float32)
    for window, bands in MEL_BANKS:
        bank = librosa.filters.mel(sr=SAMPLE_RATE_HZ, n_fft=window, n_mels=bands, fmin=low, fmax=high)
        banks[f"mel_{window}_{bands}"] = np.ascontiguousarray(bank.astype(np.float32))
        banks[f"mel_centres_hz_{bands}"] = librosa.mel_frequencies(bands + 2, fmin=low, fmax=high)[1:-1]
    for window in CHROMA_WINDOWS:
        bank = librosa.filters.chroma(sr=SAMPLE_RATE_HZ, n_fft=window, tuning=0.0)
        banks[f"chroma_{window}"] = np.ascontiguousarray(bank.astype(np.float32))
    return banks


if __name__ == "__main__":
    np.savez_compressed(FILE, allow_pickle=False, **make_banks())
    print(f"written: {FILE}")
