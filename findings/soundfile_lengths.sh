#!/usr/bin/env bash
# Two whole files whose length soundfile 0.14.0 (libsndfile 1.2.2) tells wrongly:
#
# - An Ogg Vorbis file of several links (RFC 3533 calls it chained: what internet radio gives, and what `cat a.ogg b.ogg`
#   makes) ends after its first link. `info().frames`, `read()` and `blocks()` agree with one another, so nothing looks
#   cut off.
# - A FLAC whose header leaves the number of samples unknown (0, as RFC 9639 allows and as every encoder writes into a
#   pipe) opens, has 9 223 372 036 854 775 807 frames, and cannot be read: `read()` asks numpy for that many, and
#   `read(4096)` again and again raises "Internal psf_fseek() failed." instead of giving the last, shorter block.
#
# Seen: three links of one second at 44 100 Hz: 44 100 frames; ffmpeg 7.0.2 (imageio-ffmpeg 0.6.0) hears three seconds.
# A FLAC of one second that ffmpeg wrote to a pipe: 2**63 - 1 frames by `info()`, an error by reading; ffmpeg reads it.
# This script fails when that changes. It needs Python 3.10 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/python" -m pip install --quiet --disable-pip-version-check imageio-ffmpeg==0.6.0 soundfile==0.14.0 numpy >&2

cd "$folder"
"$folder/v/bin/python" - <<'PY'
import io
import subprocess

import imageio_ffmpeg
import numpy
import soundfile

ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
second = 0.1 * numpy.random.default_rng(0).standard_normal(44_100).astype("float32")

links = []
for _ in range(3):  # each with a serial number of its own, as a chain must have
    link = io.BytesIO()
    soundfile.write(link, second, 44_100, format="OGG", subtype="VORBIS")
    links.append(link.getvalue())
with open("chained.ogg", "wb") as file:
    file.write(b"".join(links))
stated, read = soundfile.info("chained.ogg").frames, len(soundfile.read("chained.ogg")[0])
back = subprocess.run([ffmpeg, "-v", "quiet", "-i", "chained.ogg", "-f", "f32le", "-ac", "1", "-"], capture_output=True)
heard_s = len(back.stdout) / 4 / 44_100
print(f"three links: soundfile states {stated} frames and reads {read}; ffmpeg hears {heard_s:.1f} s")
assert len({link[14:18] for link in links}) == 3
assert stated == read == 44_100
assert 2.9 < heard_s < 3.1

piped = subprocess.run(
    [ffmpeg, "-v", "error", "-f", "f32le", "-ar", "44100", "-ac", "1", "-i", "-", "-f", "flac", "-"],
    input=second.tobytes(), capture_output=True, check=True,
).stdout  # fmt: skip
with open("piped.flac", "wb") as file:
    file.write(piped)
stated = soundfile.info("piped.flac").frames
whole = in_blocks = ""
try:
    soundfile.read("piped.flac")
except (ValueError, MemoryError) as error:
    whole = str(error)
read = 0
try:
    with soundfile.SoundFile("piped.flac") as sound:
        while block := len(sound.read(4096)):
            read += block
except soundfile.LibsndfileError as error:
    in_blocks = str(error)
back = subprocess.run([ffmpeg, "-v", "error", "-i", "piped.flac", "-f", "f32le", "-"], capture_output=True, check=True)
print(f"a FLAC from a pipe: {stated} frames stated; ffmpeg reads {len(back.stdout) // 4}, soundfile {read}: {in_blocks}")
assert stated == 2**63 - 1
assert "too big" in whole
assert "psf_fseek" in in_blocks and read == 10 * 4096
assert len(back.stdout) // 4 == 44_100
PY
