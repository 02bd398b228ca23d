"""``python -m models.fast_step.compile FILE FORM PROCESSOR FEATURES``: writes the kernel as an object file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import llvmlite.binding as llvm

from models.fast_step.kernel import SIGNATURE, make_kernel
from models.fast_step.machine_code import ENTRY, ROWS_TOGETHER, Form, link


def compiled(form: Form, processor: str, features: str) -> bytes:
    """The kernel as an object file that refers to nothing outside of itself."""
    kernel = make_kernel(ROWS_TOGETHER[form])
    kernel.compile(SIGNATURE)
    text = kernel.inspect_llvm(kernel.signatures[0])
    module = llvm.parse_assembly(text)
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
