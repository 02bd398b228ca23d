#!/usr/bin/env bash
# A drum that is struck again before its first note has ended is ordinary in recordings of electronic drums: two note-ons
# of one pitch, then two note-offs. The Standard MIDI File does not say which note-off ends which note, so readers differ
# in lengths; one also loses the first stroke. Struck at 0 and 0.25 s, note-offs at 0.5 and 0.75 s, seen as (begin, end):
#
#   symusic 0.6.0, miditoolkit 1.0.1           (0, .5) (.25, .75)   the note that began first ends first
#   pretty_midi 0.2.11.post0, music21 10.5.1   (0, .5) (.25, .5)    the first note-off ends both
#   partitura 1.9.0                            (.25, .5)            one note of two, without a warning
#
# Whoever takes onsets from partitura's note array has fewer strokes than were played; count note-ons (mido 1.3.3) where
# onsets matter. This script fails when that changes. It needs Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/python" -m pip install --quiet --disable-pip-version-check mido==1.3.3 miditoolkit==1.0.1 \
    music21==10.5.1 partitura==1.9.0 pretty_midi==0.2.11.post0 symusic==0.6.0 >&2

cd "$folder"
"$folder/v/bin/python" -W ignore - <<'PY'
import miditoolkit
import mido
import music21
import partitura
import pretty_midi
import symusic

song = mido.MidiFile(ticks_per_beat=480)  # 120 beats a minute, as no tempo is given: 960 ticks a second
track = mido.MidiTrack()
song.tracks.append(track)
for kind, wait in (("note_on", 0), ("note_on", 240), ("note_off", 240), ("note_off", 240)):
    track.append(mido.Message(kind, channel=9, note=38, velocity=90, time=wait))
song.save("struck_again.mid")


def of(notes):
    return sorted((round(float(begin), 3), round(float(end), 3)) for begin, end in notes)


ticks = miditoolkit.MidiFile("struck_again.mid")
seconds = ticks.get_tick_to_time_mapping()
array = partitura.load_performance_midi("struck_again.mid").note_array()
seen = {
    "symusic": of((n.start, n.end) for t in symusic.Score("struck_again.mid").to("second").tracks for n in t.notes),
    "miditoolkit": of((seconds[n.start], seconds[n.end]) for part in ticks.instruments for n in part.notes),
    "pretty_midi": of(
        (n.start, n.end) for part in pretty_midi.PrettyMIDI("struck_again.mid").instruments for n in part.notes
    ),
    "music21": of(  # in quarters, of half a second each
        (0.5 * n.offset, 0.5 * (n.offset + n.quarterLength))
        for n in music21.converter.parse("struck_again.mid").flatten().notes
    ),
    "partitura": of(zip(array["onset_sec"], array["onset_sec"] + array["duration_sec"])),
}
for reader, notes in seen.items():
    print(f"{reader:12} {notes}")
strokes = sum(1 for message in mido.MidiFile("struck_again.mid") if message.type == "note_on")
assert strokes == 2
assert seen["symusic"] == seen["miditoolkit"] == [(0.0, 0.5), (0.25, 0.75)]
assert seen["pretty_midi"] == seen["music21"] == [(0.0, 0.5), (0.25, 0.5)]
assert seen["partitura"] == [(0.25, 0.5)]
PY
