"""Weights in float32 without a second copy in memory: where the file has them so, they are views of it.

Pages of a view are read when they are used, and the system takes them back where memory is short. So what an engine
makes of the weights is all that it needs memory for.
"""

import json
from pathlib import Path
from typing import Any

from hayasa_worker.failures import FailureError


def read_float32(path: Path) -> dict[str, Any]:
    """All tensors of a safetensors file as NumPy arrays; what is written to one changes no file.

    Raises:
        FailureError: `bad-checkpoint` where the file is missing or broken.

    """
    import numpy as np
    from safetensors import SafetensorError, safe_open

    try:
        # The library checks the whole header: every tensor lies within the file.
        with safe_open(path, framework="np") as checked:
            header, start = _header(path)
            mapped = np.asarray(np.memmap(path, np.uint8, mode="c"))
            return {
                name: _view(np, mapped[start:], header[name])
                if header[name]["dtype"] == "F32"
                else np.ascontiguousarray(checked.get_tensor(name), dtype=np.float32)
                for name in checked.keys()  # noqa: SIM118 - it is no mapping
            }
    except (OSError, SafetensorError) as error:
        raise FailureError("bad-checkpoint", f"{path}: {error}") from error


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """The header and where the tensors begin: its length as 8 bytes, then JSON."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return json.loads(file.read(length)), 8 + length


def _view(np: Any, data: Any, tensor: dict[str, Any]) -> Any:
    begin, end = tensor["data_offsets"]
    values = data[begin:end].view(np.float32).reshape(tensor["shape"])
    # A copy only where the file is not aligned to whole numbers.
    return np.require(values, requirements=["ALIGNED", "C_CONTIGUOUS"])
