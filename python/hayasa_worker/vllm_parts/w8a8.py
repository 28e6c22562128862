"""A checkpoint in compressed-tensors' W8A8, which vLLM reads, from safetensors in float: it cannot quantise by itself.

Symmetric int8 per output channel (the largest magnitude of a row is 127), activations per token at run time. Format:
https://github.com/vllm-project/compressed-tensors, `int-quantized`.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from hayasa_worker.checkpoints import weight_files
from hayasa_worker.failures import FailureError

_LARGEST = 127
_NOT_QUANTISED = ["lm_head", "embed_out"]


def convert(model_path: str, config: dict[str, Any], folder: Path) -> int:
    """Writes the linear layers of the blocks in int8 and the rest as it is; puts the folder in place whole.

    Returns:
        Bytes written.

    Raises:
        FailureError: `bad-checkpoint` where a weight file is missing, broken, or quantised already.

    """
    if "quantization_config" in config:
        raise FailureError("bad-checkpoint", f"{model_path}: its weights are quantised already")
    partial = folder.with_name(f"{folder.name}.{os.getpid()}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        for path in weight_files(Path(model_path)):
            _convert_file(path, partial / path.name)
        text = json.dumps({**config, "quantization_config": quantization_config()}, indent=1)
        (partial / "config.json").write_text(text, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return sum(path.stat().st_size for path in folder.iterdir())


def quantization_config() -> dict[str, Any]:
    """What compressed-tensors writes into config.json for this format."""
    int8 = {"num_bits": 8, "type": "int", "symmetric": True}
    group = {
        "targets": ["Linear"],
        "weights": {**int8, "strategy": "channel", "dynamic": False},
        "input_activations": {**int8, "strategy": "token", "dynamic": True},
    }
    return {
        "quant_method": "compressed-tensors",
        "format": "int-quantized",
        "quantization_status": "compressed",
        "ignore": _NOT_QUANTISED,
        "config_groups": {"group_0": group},
    }


def is_quantised(name: str, dimensions: int) -> bool:
    """Whether a tensor is the weight of a linear layer inside a block."""
    return ".layers." in name and name.endswith(".weight") and dimensions == 2


def _convert_file(source: Path, target: Path) -> None:
    import torch
    from safetensors import SafetensorError, safe_open
    from safetensors.torch import save_file

    tensors: dict[str, Any] = {}
    try:
        with safe_open(source, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118 - it is no dict
                weight = file.get_tensor(name)
                if not is_quantised(name, weight.ndim):
                    tensors[name] = weight
                    continue
                rows = weight.to(torch.float32)
                scale = rows.abs().amax(dim=1, keepdim=True).clamp(min=torch.finfo(torch.float32).tiny) / _LARGEST
                tensors[name] = (rows / scale).round().clamp(-_LARGEST, _LARGEST).to(torch.int8)
                tensors[f"{name.removesuffix('.weight')}.weight_scale"] = scale
    except (OSError, SafetensorError) as error:
        raise FailureError("bad-checkpoint", f"{source}: {error}") from error
    save_file(tensors, target, metadata={"format": "pt"})
