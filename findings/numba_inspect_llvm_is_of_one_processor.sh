#!/usr/bin/env bash
# numba 0.68.1: what inspect_llvm gives is LLVM's text after Numba's own passes for one processor, the host's by default:
# loops are vectorised in its width already. Who builds machine code from that text for another processor gets other
# code on every machine that builds it. And numba.core.config.CPU_NAME names that processor only until the first function
# is decorated; set between decorating and compiling it is read back as set, and does nothing. NUMBA_CPU_NAME in the
# environment, with an empty NUMBA_CPU_FEATURES, always does.
#
# Seen, with llvmlite 0.50.0 on x86-64, for a sum of squares with fastmath: 2 doubles in a vector for x86-64 and 4 for
# x86-64-v3, in the text itself; 4 where x86-64-v3 is named in the environment and x86-64 is set after the decorator.
# This script fails when that changes. It needs Python 3.10 or newer on x86-64.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/python" -m pip install --quiet --disable-pip-version-check numba==0.68.1 llvmlite==0.50.0 numpy >&2

cat >"$folder/widths.py" <<'PY'
import re
import sys

import numba
from numba.core import config

before, after = sys.argv[1:]
if before:
    config.CPU_NAME, config.CPU_FEATURES = before, ""


@numba.njit(fastmath=True)
def power(samples):
    total = 0.0
    for index in range(samples.size):
        total += samples[index] * samples[index]
    return total


if after:
    config.CPU_NAME, config.CPU_FEATURES = after, ""
power.compile("float64(float64[::1])")
print(*sorted(set(re.findall(r"<(\d+) x double>", power.inspect_llvm(power.signatures[0])))))
PY
widths() { "$folder/v/bin/python" "$folder/widths.py" "$@"; }

old=$(widths x86-64 "")
new=$(widths x86-64-v3 "")
late=$(NUMBA_CPU_NAME=x86-64-v3 NUMBA_CPU_FEATURES="" widths "" x86-64)
echo "doubles in a vector of inspect_llvm: x86-64 $old, x86-64-v3 $new; x86-64 set after the decorator $late"
[ "$old $new $late" = "2 4 4" ]
