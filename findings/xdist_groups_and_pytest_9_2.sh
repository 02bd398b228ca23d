#!/usr/bin/env bash
# pytest-xdist 3.8.0 promises that `--dist loadgroup` runs tests of one `xdist_group` in one worker. With pytest 9.2.0 it
# does not, and says nothing: the tests are spread over the workers as if they bore no marker, so each worker makes the
# group's module and session fixtures again.
#
# Why: a worker tells the scheduler of a test's group by appending it to `item._nodeid`. Since pytest 9.2 the id that is
# reported comes from another attribute, an object, and the assignment changes nothing.
#
# Seen: eight tests in one group, two workers. pytest 8.4.2: one worker ran all of them. pytest 9.2.0: two did.
# This script fails when that changes. It needs Python 3.10 or newer and PyPI.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/test_group.py" <<'TEST'
import os
import time

import pytest


@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(8))
def test_where(number):
    time.sleep(0.2)
    with open(os.environ["WORKERS"], "a") as file:
        print(os.environ["PYTEST_XDIST_WORKER"], file=file)
TEST

workers() { # workers PYTEST-VERSION: how many workers ran the group
    python3 -m venv "$folder/$1"
    "$folder/$1/bin/python" -m pip install --quiet --disable-pip-version-check "pytest==$1" pytest-xdist==3.8.0 >&2
    (cd "$folder" && WORKERS="$folder/$1.txt" "$1/bin/python" -m pytest -q -n 2 --dist loadgroup -p no:cacheprovider test_group.py >&2)
    [ "$(wc -l < "$folder/$1.txt")" = 8 ]
    sort -u "$folder/$1.txt" | wc -l
}

old=$(workers 8.4.2) new=$(workers 9.2.0)
echo "workers that ran one group: pytest 8.4.2: $old, pytest 9.2.0: $new"
[ "$old" = 1 ] && [ "$new" = 2 ]
