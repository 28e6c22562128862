"""Random blocks of every format that Hayasa dequantises, with what the `gguf` package of PyPI makes of them."""

import base64
import json
import pathlib

import gguf
import numpy as np

FORMATS = ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q4_K", "Q5_K", "Q6_K", "Q5_0", "Q5_1")
# Where float16 numbers stand in a block: random bytes there could be infinite.
HALVES = {
    "F16": (0,),
    "Q8_0": (0,),
    "Q4_0": (0,),
    "Q4_1": (0, 2),
    "Q4_K": (0, 2),
    "Q5_K": (0, 2),
    "Q6_K": (208,),
    "Q5_0": (0,),
    "Q5_1": (0, 2),
}
BLOCKS = 3

random = np.random.default_rng(0)
cases = []
for name in FORMATS:
    kind = gguf.GGMLQuantizationType[name]
    _, block_bytes = gguf.GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (BLOCKS, block_bytes), dtype=np.uint8)
    for at in HALVES.get(name, ()):
        blocks[:, at : at + 2] = random.normal(size=(BLOCKS, 1)).astype(np.float16).view(np.uint8)
    if name == "F32":
        blocks = random.normal(size=(BLOCKS, 1)).astype(np.float32).view(np.uint8)
    if name == "BF16":
        blocks = random.normal(size=(BLOCKS, 1)).astype(np.float32).view(np.uint8)[:, 2:]
    data = np.ascontiguousarray(blocks.reshape(1, -1))
    stored = data.view(np.float32) if name == "F32" else data.view(np.float16) if name == "F16" else data
    values = gguf.dequantize(stored, kind).astype(np.float32).reshape(-1)
    cases.append(
        {
            "type": name,
            "bytes": base64.b64encode(data.tobytes()).decode(),
            "values": base64.b64encode(values.tobytes()).decode(),
        }
    )
pathlib.Path(__file__).with_name("blocks.json").write_text(json.dumps(cases, indent=1) + "\n")
