"""The properties of an .onnx file, read without ONNX's own library: the graph between them is skipped, not parsed."""

import io
from pathlib import Path
from typing import BinaryIO, Final

# Numbers of fields and wire types of the ONNX protobuf schema (onnx.proto) and of protobuf's encoding.
_METADATA_PROPS: Final = 14
_KEY, _VALUE = 1, 2
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED_BYTES: Final = {_FIXED64: 8, _FIXED32: 4}


def read_properties(path: Path) -> dict[str, str]:
    """The `metadata_props` of an ONNX model by key, in a millisecond however large the model is.

    So the figure can stand with the right bones before ONNX Runtime has been loaded.

    Raises:
        ValueError: If this is no ONNX file or only a part of one; the message does not name it.
    """
    size = path.stat().st_size
    properties = {}
    with path.open("rb") as file:
        if size == 0:
            raise ValueError("it is empty")
        while file.tell() < size:
            number, wire_type = divmod(_varint(file), 8)
            if wire_type == _VARINT:
                _varint(file)
                continue
            length = _FIXED_BYTES.get(wire_type) if wire_type != _BYTES else _varint(file)
            if length is None or file.tell() + length > size:
                raise ValueError(f"byte {file.tell()} of {size} makes no sense")
            if number == _METADATA_PROPS:
                key, value = _entry(file.read(length))
                properties[key] = value
            else:
                file.seek(length, 1)
    return properties


def _varint(file: BinaryIO) -> int:
    """A whole number, seven bits a byte, lowest first."""
    number = 0
    for shift in range(0, 64, 7):
        byte = file.read(1)
        if not byte:
            raise ValueError("it ends too early")
        number |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return number
    raise ValueError(f"byte {file.tell()} makes no sense")


def _entry(data: bytes) -> tuple[str, str]:
    """Key and value of one property."""
    file, parts = io.BytesIO(data), {_KEY: "", _VALUE: ""}
    while file.tell() < len(data):
        number, wire_type = divmod(_varint(file), 8)
        if wire_type != _BYTES or number not in parts:
            raise ValueError("a property makes no sense")
        parts[number] = file.read(_varint(file)).decode()
    return parts[_KEY], parts[_VALUE]
