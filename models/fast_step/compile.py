"""``python -m models.fast_step.compile FILE FORM PROCESSOR FEATURES``: writes the kernel as an object file.

In the environment of `forms.numba_variables`, or Numba makes its own passes for the processor of this machine.
"""

import re
import sys
from pathlib import Path
from typing import Final, cast

import llvmlite.binding as llvm

from models.fast_step.forms import ENTRY, ROWS_TOGETHER, Form
from models.fast_step.kernel import SIGNATURE, make_kernel
from models.fast_step.machine_code import link

_FILL: Final = "llvm.memset.p0.i64"
_OWN_FILL: Final = """
define internal void @own_fill(ptr %place, i8 %value, i64 %count, i1 %unused) noinline nounwind {
  %any = icmp ne i64 %count, 0
  br i1 %any, label %loop, label %end
loop:
  %index = phi i64 [ 0, %0 ], [ %further, %loop ]
  %byte = getelementptr i8, ptr %place, i64 %index
  store i8 %value, ptr %byte, align 1
  %further = add i64 %index, 1
  %more = icmp ult i64 %further, %count
  br i1 %more, label %loop, label %end
end:
  ret void
}
"""
"""Fills a few floats: what LLVM makes of a loop of ours would call the C library, and not stand alone."""


def compiled(form: Form, processor: str, features: str) -> bytes:
    """The kernel as an object file that refers to nothing outside of itself."""
    kernel = make_kernel(ROWS_TOGETHER[form])
    kernel.compile(SIGNATURE)
    text = kernel.inspect_llvm(kernel.signatures[0])
    text, count = re.subn(rf"^declare .*@{re.escape(_FILL)}\(.*$", "", text, flags=re.MULTILINE)
    module = llvm.parse_assembly(text.replace(f"@{_FILL}(", "@own_fill(") + (_OWN_FILL if count else ""))
    # Beside it there are the same for callers from Python and C, which would draw in the interpreter. Numba's names
    # have parts by chance; with others the same sources give the same object, byte by byte.
    defined = [function for function in module.functions if not function.is_declaration]
    for number, function in enumerate(defined):
        is_entry = function.name.startswith("_ZN") and "6kernelB" in function.name and "7cpython" not in function.name
        function.linkage = "external" if is_entry else "internal"
        function.name = ENTRY if is_entry else f"part_{number}"
    for variable in module.global_variables:
        if not variable.is_declaration and variable.name.startswith("_ZN"):
            variable.linkage = "internal"  # numba's own, of which nothing is asked here
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=processor, features=features, opt=3, reloc="pic", codemodel="jitdefault", jit=True
    )
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(module, builder)
    code: bytes = machine.emit_object(module)
    return code


if __name__ == "__main__":
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    file, wanted, processor, features = sys.argv[1:]
    code = compiled(cast(Form, wanted), processor, features)
    link(code)  # what cannot be linked ends here, and is kept by nobody
    Path(file).write_bytes(code)
