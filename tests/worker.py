"""A worker of pytest-xdist, forked from a process that is warm (warm_workers.py): it hears from execnet what to do.

As what execnet starts, `python -c`, it has an empty main module: joblib's processes look into that of who starts them.
"""

import sys
import types

if __name__ == "__main__":
    sys.modules["__main__"] = main = types.ModuleType("__main__")
    exec("import sys;exec(eval(sys.stdin.readline()))", vars(main))
