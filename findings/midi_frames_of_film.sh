#!/usr/bin/env bash
# A Standard MIDI File may count time in frames of film (SMPTE) instead of parts of a quarter: a division whose first byte
# is the negative number of frames a second, whose second is the ticks of a frame. Two readers take the whole division for
# a number of ticks a quarter that is below zero, and say nothing: time runs backwards.
#
# Seen, for notes at 0, 1, 2 and 3 seconds at 25 frames a second and 40 ticks a frame, in seconds:
#
#   mido 1.3.3              notes at 0, -.079, -.157, -.236; `length` -.275; `ticks_per_beat` -6360
#   miditoolkit 1.0.1       notes at 0, -.079, -.157, -.236
#   pretty_midi 0.2.11.post0, partitura 1.9.0   an error that speaks of notes, not of the division
#   music21 10.5.1, symusic 0.6.0               an error that names the division
#
# So a player by mido sends all notes at once, and a list of beats made with it is in the wrong order: look whether
# `ticks_per_beat` is positive. This script fails when that changes. It needs Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/python" -m pip install --quiet --disable-pip-version-check mido==1.3.3 miditoolkit==1.0.1 \
    music21==10.5.1 partitura==1.9.0 pretty_midi==0.2.11.post0 symusic==0.6.0 >&2

cd "$folder"
"$folder/v/bin/python" -W ignore - <<'PY'
import struct

import miditoolkit
import mido
import music21
import partitura
import pretty_midi
import symusic

FRAMES_HZ, TICKS_A_FRAME = 25, 40  # a thousand ticks a second


def variable(number):  # a delta time, seven bits a byte
    low = bytes([number & 0x7F])
    return low if number < 0x80 else bytes([0x80 | number >> 7]) + low


events = b""
for wait in (0, 500, 500, 500):
    events += variable(wait) + bytes([0x99, 38, 90]) + variable(500) + bytes([0x89, 38, 0])
events += b"\x00\xff\x2f\x00"
header = struct.pack(">4sIHHbB", b"MThd", 6, 0, 1, -FRAMES_HZ, TICKS_A_FRAME)
with open("film.mid", "wb") as file:
    file.write(header + struct.pack(">4sI", b"MTrk", len(events)) + events)

song, elapsed_s, by_mido = mido.MidiFile("film.mid"), 0.0, []
for message in song:
    elapsed_s += message.time
    if message.type == "note_on":
        by_mido.append(round(elapsed_s, 3))
ticks = miditoolkit.MidiFile("film.mid")
seconds = ticks.get_tick_to_time_mapping()
by_miditoolkit = [round(float(seconds[note.start]), 3) for part in ticks.instruments for note in part.notes]
print(f"mido: {by_mido}, length {song.length:.3f}, {song.ticks_per_beat} ticks a beat; miditoolkit: {by_miditoolkit}")
assert song.ticks_per_beat == -6360
assert by_mido == [0.0, -0.079, -0.157, -0.236], by_mido
assert by_miditoolkit == by_mido
assert song.length < 0

for reader, read in (
    ("pretty_midi", pretty_midi.PrettyMIDI),
    ("partitura", partitura.load_performance_midi),
    ("music21", music21.converter.parse),
    ("symusic", symusic.Score),
):
    try:
        read("film.mid")
    except Exception as error:
        print(f"{reader}: {type(error).__name__}: {error}")
    else:
        raise AssertionError(f"{reader} reads it now")
PY
