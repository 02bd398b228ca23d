#!/usr/bin/env bash
# ffmpeg 7.0.2 (the build in imageio-ffmpeg 0.6.0) writes sound to a pipe in seven container formats, each time with exit
# status 0. Read back by the same ffmpeg, three of the seven files give nothing, although every sample is in them:
# AIFF and Sony Wave64 are refused as invalid data, and RF64 (`-rf64 always`) is worse: exit status 0, no message,
# not one sample.
#
# Why: a pipe cannot be rewound to write the length into the header. WAV, CAF, AU and FLAC have a value for "unknown",
# which ffmpeg's readers know; in AIFF, Wave64 and RF64 the length stays as it was written first, and is believed.
# libsndfile 1.2.2 (soundfile 0.14.0) reads the AIFF and the Wave64 whole; of the RF64 it too gives nothing, and the CAF
# it calls malformed.
#
# Seen: one second of noise, 44 100 samples; the table below. Whoever pipes sound between programs takes WAV, AU or FLAC.
# This script fails when that changes. It needs Python 3.10 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/python" -m pip install --quiet --disable-pip-version-check imageio-ffmpeg==0.6.0 soundfile==0.14.0 numpy >&2

cd "$folder"
"$folder/v/bin/python" - <<'PY'
import subprocess

import imageio_ffmpeg
import numpy
import soundfile

ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
noise = 0.1 * numpy.random.default_rng(0).standard_normal(44_100).astype("float32")
raw = ["-f", "f32le", "-ar", "44100", "-ac", "1"]


def run(*arguments, given=None):
    return subprocess.run([ffmpeg, "-v", "error", *arguments], input=given, capture_output=True)


def heard_by_libsndfile(path):
    try:
        return len(soundfile.read(path)[0])
    except (soundfile.LibsndfileError, ValueError, MemoryError):
        return None


seen = {}
for name, form in {
    "wav": ["-f", "wav"], "caf": ["-f", "caf"], "au": ["-f", "au"], "flac": ["-f", "flac"],
    "aiff": ["-f", "aiff"], "w64": ["-f", "w64"], "rf64": ["-f", "wav", "-rf64", "always"],
}.items():  # fmt: skip
    written = run(*raw, "-i", "-", *form, "-", given=noise.tobytes())
    assert written.returncode == 0 and len(written.stdout) > 2 * 44_100, name
    with open(f"piped.{name}", "wb") as file:
        file.write(written.stdout)
    back = run("-i", f"piped.{name}", *raw, "-")
    seen[name] = len(back.stdout) // 4, back.returncode == 0
    print(f"{name}: ffmpeg reads {seen[name][0]} samples, exit status {back.returncode}", end="; ")
    print("libsndfile", heard_by_libsndfile(f"piped.{name}") if name != "flac" else "is not asked")

assert all(seen[name] == (44_100, True) for name in ("wav", "caf", "au", "flac")), seen
assert seen["aiff"] == seen["w64"] == (0, False), seen
assert seen["rf64"] == (0, True), seen
assert heard_by_libsndfile("piped.aiff") == heard_by_libsndfile("piped.w64") == 44_100
assert heard_by_libsndfile("piped.rf64") == 0
PY
