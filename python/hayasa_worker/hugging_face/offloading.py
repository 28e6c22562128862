"""Layer offloading with accelerate: the blocks' weights lie elsewhere and are fetched for every forward pass.

That a batch shares the cost of fetching is FlexGen's idea (Sheng et al., 2023, arXiv 2303.06865); this is not FlexGen,
which also schedules across batches and offloads the KV cache: here accelerate moves whole layers, one after another.
"""

import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hayasa_worker.checkpoints import identity_of
from hayasa_worker.failures import unsupported
from hayasa_worker.frames import LoadRequest

TARGETS = ("none", "cpu", "disk")


def check_target(target: str, device: str) -> None:
    """Raises FailureError `unsupported` for a target that does not exist, or from which nothing would be fetched."""
    if target not in TARGETS:
        raise unsupported(f"offload {target!r} is none of {', '.join(TARGETS)}")
    if target == "cpu" and device == "cpu":
        raise unsupported(
            "offload cpu on device cpu would move nothing: the weights are in the CPU's memory anyway",
            "ask for offload disk",
        )


def offload_folder(request: LoadRequest, config: dict[str, Any], dtype: str) -> Path:
    """Where weights are written that are offloaded in another dtype than the checkpoint's: one folder for each of both.

    accelerate names its files after the modules, so that models in one folder would overwrite one another's.

    Raises:
        FailureError: `bad-checkpoint` where a weight file is missing.

    """
    name = f"{identity_of(Path(request.model_path), config)}-{dtype}"
    return Path(request.cache_folder) / "transformers-offload" / name


def device_map(path: str, target: str, device: str) -> dict[str, str]:
    """By module: the blocks on `target`, everything else on `device`."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    with torch.device("meta"):
        config = AutoConfig.from_pretrained(path, local_files_only=True, trust_remote_code=False)
        model = AutoModelForCausalLM.from_config(config)
    block_classes = set(model._no_split_modules)
    places: dict[str, str] = {}

    def place(name: str, module: Any) -> None:
        if type(module).__name__ in block_classes:
            places[name] = target
        elif any(type(inner).__name__ in block_classes for inner in module.modules()):
            for child_name, child in module.named_children():
                place(f"{name}.{child_name}" if name else child_name, child)
        else:
            places[name] = device

    place("", model)
    return places


def offload_facts(model: Any, target: str, forward: Callable[[], Any]) -> dict[str, bool | int | float | str]:
    """What lies elsewhere, and what one untimed forward pass reads.

    Raises:
        FailureError: `unsupported` where no parameter was offloaded.

    """
    offloaded = sum(parameter.numel() for parameter in model.parameters() if parameter.is_meta)
    if offloaded == 0:
        raise unsupported(f"offload {target}: accelerate offloaded no parameter of this model")
    before, faults_before = io_counters(), major_faults()
    forward()
    after = io_counters()
    return {
        "offload": target,
        "offloadedParameters": offloaded,
        "residentParameters": sum(parameter.numel() for parameter in model.parameters() if not parameter.is_meta),
        # Read by system calls, page cache included; then from storage, memory maps included.
        "forwardPassReadCallBytes": after["rchar"] - before["rchar"],
        "forwardPassStorageBytes": after["read_bytes"] - before["read_bytes"],
        "forwardPassMajorFaults": major_faults() - faults_before,
    }


def io_counters() -> dict[str, int]:
    """/proc/self/io: `rchar`, `read_bytes`, ... in bytes since this process started."""
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return {name: int(value) for name, value in (line.split(": ") for line in lines)}


def major_faults() -> int:
    """Page faults of this process that waited for a disk."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_majflt
