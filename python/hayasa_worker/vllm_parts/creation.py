"""What vLLM is told before it is imported and when it is created."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hayasa_worker.failures import FailureError, unsupported
from hayasa_worker.frames import LoadRequest

_DTYPES = {"fp32": ("float32", 4), "fp16": ("float16", 2), "bf16": ("bfloat16", 2), "w8a8": ("float32", 4)}
# Tokens that a step may take, at least and at most: the prompts of a whole batch at once, as far as that goes.
_LEAST_TOKENS_PER_STEP = 2048
_MOST_TOKENS_PER_STEP = 1 << 17
_BLOCK_TOKENS = 128
"""What vLLM takes for a block of the KV cache on a CPU; given to it, so that the cache can be counted."""


@dataclass(frozen=True)
class Creation:
    """Settings of one engine: `positions` of each of `slots` sequences at the same time."""

    dtype: str
    device: str
    is_eager: bool
    slots: int
    positions: int
    kv_cache_bytes: int

    @staticmethod
    def of(request: LoadRequest, config: Mapping[str, Any]) -> "Creation":
        """Checks the request.

        Raises:
            FailureError: `unsupported` for what vLLM is not wired up for, `out-of-memory` where the KV cache of all
                slots is larger than what is free.

        """
        if request.precision not in _DTYPES:
            raise unsupported(f"vLLM is wired up for {', '.join(_DTYPES)}, not for {request.precision}")
        dtype, value_bytes = _DTYPES[request.precision]
        positions = min(int(config["max_position_embeddings"]), request.limits.positions_per_slot)
        slots = request.limits.slots
        # One block more than the sequences fill: vLLM keeps an empty one.
        blocks = slots * -(-positions // _BLOCK_TOKENS) + 1
        needed = blocks * _BLOCK_TOKENS * value_bytes * _values_per_token(config)
        if request.device == "cpu":
            available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
            if needed > available:
                text = f"a KV cache of {needed} bytes for {slots} sequences, {available} bytes of memory are free"
                raise FailureError("out-of-memory", text)
        return Creation(
            dtype, request.device, bool(request.options.get("enforceEager", True)), slots, positions, needed
        )

    @property
    def arguments(self) -> dict[str, Any]:
        """Of `vllm.LLM`, the model apart."""
        return {
            "dtype": self.dtype,
            "enforce_eager": self.is_eager,
            "skip_tokenizer_init": True,
            "generation_config": "vllm",
            "enable_prefix_caching": False,
            "block_size": _BLOCK_TOKENS,
            "kv_cache_memory_bytes": self.kv_cache_bytes,
            "max_model_len": self.positions,
            "max_num_seqs": self.slots,
            "max_num_batched_tokens": min(
                max(_LEAST_TOKENS_PER_STEP, self.slots * self.positions), _MOST_TOKENS_PER_STEP
            ),
            "disable_log_stats": True,
            "seed": 0,
        }


def set_environment(request: LoadRequest) -> None:
    """What vLLM reads when it is imported: all of it in this process, every core, nothing reported to anybody.

    With its engine core in a child process a stamp would wait for that child, and the child could outlive its parent.
    """
    os.environ.update(
        {
            "OMP_NUM_THREADS": str(request.threads),
            "HF_HUB_OFFLINE": "1",
            "VLLM_NO_USAGE_STATS": "1",
            "DO_NOT_TRACK": "1",
            "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
            "VLLM_CPU_NUM_OF_RESERVED_CPU": "0",
            "VLLM_LOGGING_LEVEL": "WARNING",
            # What it compiles is made anew for each launch: a hit would hide the cost of the first user.
            "VLLM_DISABLE_COMPILE_CACHE": "1",
            "TORCHINDUCTOR_FORCE_DISABLE_CACHES": "1",
            "VLLM_CACHE_ROOT": str(Path(request.cache_folder) / "vllm"),
        }
    )


def check_device(device: str, build: str) -> None:
    """Raises FailureError `unsupported` where the build that is installed does not compute on the device."""
    kind = device.partition(":")[0]
    if kind != build:
        raise unsupported(
            f"device {device}: what is installed is the build of vLLM for {build}",
            "install its environment with --accelerator cuda on a machine that has a GPU" if kind == "cuda" else None,
        )


def _values_per_token(config: Mapping[str, Any]) -> int:
    """Keys and values of one token in all layers."""
    heads = int(config["num_attention_heads"])
    head_size = int(config.get("head_dim") or int(config["hidden_size"]) // heads)
    return 2 * int(config["num_hidden_layers"]) * int(config.get("num_key_value_heads") or heads) * head_size
