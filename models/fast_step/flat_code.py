"""Machine code as one run of bytes that works wherever it lies: made from an object file, and put into memory to run.

An object file of `compile` refers to nothing outside of itself, so all that it refers to has a fixed distance once its
sections lie behind each other. What comes of that needs no linker, and llvmlite neither: memory that may be executed.
"""

import ctypes
import mmap
import struct
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

MAGIC: Final = b"TFFLAT1\0"
_ALLOCATED: Final = 2
_PROGRAM_DATA, _SYMBOLS, _RELOCATIONS, _ZEROS = 1, 2, 4, 8
_UNWINDING: Final = 0x70000001  # tables for exceptions, of which there are none
_UNDEFINED: Final = 0
_LARGE_ALIGNMENT: Final = 4096
_ELF64_LITTLE_X86: Final = (b"\x7fELF\x02\x01", 62)
_HEADER: Final = struct.Struct("<8sII")
_SECTION: Final = struct.Struct("<IIQQQQIIQQ")
_SYMBOL: Final = struct.Struct("<IBBHQQ")
_RELOCATION: Final = struct.Struct("<QQq")
# Of the psABI for x86-64: S is what is meant, A the addend, P the place, G the table of offsets, here the beginning.
_S_A_P: Final = {2: 4, 4: 4, 24: 8}  # PC32, PLT32, PC64
_S_A_G: Final = {25: 8}  # GOTOFF64
_G_A_P: Final = {26: 4, 29: 8}  # GOTPC32, GOTPC64


class _Section(NamedTuple):
    name: int
    kind: int
    flags: int
    address: int
    offset: int
    size: int
    link: int
    info: int
    align: int
    entry_bytes: int


@dataclass(frozen=True)
class FlatCode:
    """Machine code that works wherever it lies.

    Attributes:
        image: Its bytes.
        entry: Where in them the function begins.
    """

    image: bytes
    entry: int

    def to_bytes(self) -> bytes:
        """A header, then the image."""
        return _HEADER.pack(MAGIC, self.entry, len(self.image)) + self.image

    @classmethod
    def from_bytes(cls, content: bytes) -> "FlatCode":
        """Undoes `to_bytes`.

        Raises:
            ValueError: It is something else, or not whole.
        """
        if len(content) < _HEADER.size or not content.startswith(MAGIC):
            raise ValueError("no flat machine code")
        _, entry, size = _HEADER.unpack_from(content)
        image = content[_HEADER.size :]
        if len(image) != size or entry >= size:
            raise ValueError("flat machine code that is not whole")
        return cls(image, entry)

    def load(self) -> tuple[Any, int]:
        """Puts it into memory that can be executed, and no longer written.

        Returns:
            What holds it, for as long as it is called; the address of the function.

        Raises:
            OSError: The system allows no such memory.
        """
        own = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        memory = mmap.mmap(-1, len(self.image), flags=own, prot=mmap.PROT_READ | mmap.PROT_WRITE)
        memory.write(self.image)
        address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        protect = ctypes.CDLL(None, use_errno=True).mprotect
        protect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        if protect(address, len(self.image), mmap.PROT_READ | mmap.PROT_EXEC):
            raise OSError(ctypes.get_errno(), "memory cannot be made executable")
        return memory, address + self.entry


def flattened(code: bytes, entry: str) -> FlatCode:
    """An object file (ELF, x86-64) that refers to nothing outside of itself, as flat code.

    Args:
        code: The object file.
        entry: Name of the function.

    Raises:
        ValueError: It refers to something else, or in a way that is not known here.
    """
    magic, machine = _ELF64_LITTLE_X86
    if not code.startswith(magic) or struct.unpack_from("<H", code, 18)[0] != machine:
        raise ValueError("not an ELF object for x86-64")
    (table,) = struct.unpack_from("<Q", code, 40)
    entry_bytes, count, _ = struct.unpack_from("<HHH", code, 58)
    sections = [_Section(*_SECTION.unpack_from(code, table + entry_bytes * index)) for index in range(count)]
    image, places = bytearray(), dict[int, int]()
    for index, section in enumerate(sections):
        if section.flags & _ALLOCATED and section.size and section.kind != _UNWINDING:
            if section.kind not in (_PROGRAM_DATA, _ZEROS) or section.align > _LARGE_ALIGNMENT:
                raise ValueError(f"section {index} is of an unknown kind")
            image += bytes(-len(image) % max(section.align, 1))
            places[index] = len(image)
            own = code[section.offset : section.offset + section.size]
            image += own if section.kind == _PROGRAM_DATA else bytes(section.size)
    (symbols,) = (section for section in sections if section.kind == _SYMBOLS)
    names = sections[symbols.link].offset
    for section in sections:
        if section.kind != _RELOCATIONS or section.info not in places:
            continue
        for at in range(section.offset, section.offset + section.size, _RELOCATION.size):
            offset, info, addend = _RELOCATION.unpack_from(code, at)
            symbol = _SYMBOL.unpack_from(code, symbols.offset + _SYMBOL.size * (info >> 32))
            _relocate(image, places[section.info] + offset, info & 0xFFFFFFFF, _place(symbol, places), addend)
    for at in range(symbols.offset, symbols.offset + symbols.size, _SYMBOL.size):
        symbol = _SYMBOL.unpack_from(code, at)
        begin = names + symbol[0]
        if code[begin : code.index(b"\0", begin)] == entry.encode() and (where := _place(symbol, places)) is not None:
            return FlatCode(bytes(image), where)
    raise ValueError(f"there is no {entry} in it")


def _place(symbol: tuple[int, ...], places: dict[int, int]) -> int | None:
    """Where in the image a symbol lies; None if it lies outside."""
    _, _, _, section, value, _ = symbol
    return None if section == _UNDEFINED or section not in places else places[section] + value


def _relocate(image: bytearray, place: int, kind: int, meant: int | None, addend: int) -> None:
    """Writes into a place how far what is meant lies from it, or from the beginning."""
    if kind in _G_A_P:
        value, size = addend - place, _G_A_P[kind]
    elif meant is None or kind not in {**_S_A_P, **_S_A_G}:
        raise ValueError(f"it refers to what it does not hold (relocation {kind})")
    elif kind in _S_A_P:
        value, size = meant + addend - place, _S_A_P[kind]
    else:
        value, size = meant + addend, _S_A_G[kind]
    image[place : place + size] = value.to_bytes(size, "little", signed=True)
