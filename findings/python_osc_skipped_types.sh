#!/usr/bin/env bash
# OSC 1.0 lists further types that a sender may use: a character ('c', 32 bits), a symbol ('S', a padded string). To
# python-osc 1.10.2 they are unknown: it logs a warning, leaves the argument out, and does not move on behind its bytes.
# What follows is read from the wrong place and handed to the application as if it were right, with one argument too few.
#
# Seen, for an address and the arguments before a float of 1.5:
#
#   character 'A', 1.5    [9.1e-44]            the character's bytes as a float
#   symbol "name", 1.5    [1.7e+28]            the symbol's
#   string "name", 1.5    ["name", 1.5]        known, for comparison
#
# So a number that steers something may be any number; who receives from instruments and patches that send these types
# looks at the type tags first. This script fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/python" -m pip install --quiet --disable-pip-version-check python-osc==1.10.2 >&2

"$folder/v/bin/python" - <<'PY'
import struct

from pythonosc.osc_message import OscMessage


def padded(text):
    return text + b"\0" * (4 - len(text) % 4)


value = struct.pack(">f", 1.5)
sent = {
    "character": (b",cf", struct.pack(">I", ord("A"))),
    "symbol": (b",Sf", padded(b"name")),
    "string": (b",sf", padded(b"name")),
}
read = {}
for kind, (types, argument) in sent.items():
    datagram = padded(b"/level") + padded(types) + argument + value
    read[kind] = OscMessage(datagram).params
    print(f"{kind}: {read[kind]}")
assert read["string"] == ["name", 1.5]
assert read["character"] == list(struct.unpack(">f", sent["character"][1]))
assert read["symbol"] == list(struct.unpack(">f", sent["symbol"][1][:4]))
PY
