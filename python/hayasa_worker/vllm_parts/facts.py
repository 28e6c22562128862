"""What an engine of vLLM became: read from the objects that compute, not from what was asked for."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

from hayasa_worker.answers import Precision
from hayasa_worker.failures import unsupported
from hayasa_worker.hugging_face.census import census_text, dtype_name, weight_dtypes

Settings = dict[str, bool | int | float | str]


class Inside:
    """The model and its caches in this process."""

    def __init__(self, llm: Any) -> None:
        self.config = llm.llm_engine.vllm_config
        self.runner = llm.llm_engine.model_executor.driver_worker.worker.model_runner
        self.model = self.runner.model

    def precision(self, asked: str) -> Precision:
        """Formats of weights, activations and cache.

        Raises:
            FailureError: `unsupported` where w8a8 was asked for and no layer computes in int8.

        """
        kv_cache = dtype_name(self._caches()[0].dtype)
        if asked == "w8a8":
            if not self._int8_layers():
                raise unsupported("w8a8: no layer of the model was loaded in int8")
            return Precision("int8", "int8", kv_cache, "int32")
        # Linear layers give their weights to a kernel that packs them, so no tensor is left to ask.
        dtype = dtype_name(self.config.model_config.dtype)
        return Precision(dtype, dtype, kv_cache, "float32")

    def settings(self) -> Settings:
        """Everything that distinguishes this engine from another with the same name."""
        config = self.config
        backends = {layer.attn_backend.get_name() for layer in self._attention_layers()}
        return {
            **third_party_build(),
            "modelImplementation": f"{type(self.model).__module__}.{type(self.model).__name__}",
            "attentionBackend": " ".join(sorted(backends)),
            "unpackedWeightDtypes": census_text(weight_dtypes(self.model)),
            "int8Layers": self._int8_layers(),
            "compilation": compilation(config.compilation_config),
            "prefixCaching": bool(config.cache_config.enable_prefix_caching),
            "chunkedPrefill": bool(config.scheduler_config.enable_chunked_prefill),
            "asyncScheduling": bool(config.scheduler_config.async_scheduling),
            "tokensPerStep": int(config.scheduler_config.max_num_batched_tokens),
            "kvCacheBytes": sum(cache.numel() * cache.element_size() for cache in self._caches()),
            "blockTokens": int(config.cache_config.block_size),
            "boundCores": bound_cores(),
            "openMp": " ".join(sorted(loaded_libraries("libgomp", "libiomp5", "libomp"))),
            "allocator": " ".join(sorted(loaded_libraries("libtcmalloc", "libjemalloc"))) or "glibc",
        }

    def _attention_layers(self) -> list[Any]:
        context = self.config.compilation_config.static_forward_context
        return [layer for layer in context.values() if hasattr(layer, "attn_backend")]

    def _caches(self) -> list[Any]:
        return list(self.runner.kv_caches)

    def _int8_layers(self) -> int:
        return sum("Int8" in type(getattr(module, "scheme", None)).__name__ for module in self.model.modules())


def compilation(config: Any) -> str:
    """`none`, or the mode and the backend that vLLM chose, which differ from what it was asked for on a CPU."""
    mode = str(config.mode.name)
    return "none" if mode == "NONE" else f"{mode} {config.backend}"


def third_party_build() -> Settings:
    """The package that vLLM comes from, where that is not vLLM's own: reports say so beneath every table."""
    from importlib.metadata import packages_distributions, version

    (name, *_) = packages_distributions().get("vllm", ["vllm"])
    return {} if name == "vllm" else {"thirdPartyBuild": f"{name} {version(name)}"}


def bound_cores() -> str:
    """Cores that the threads of this process may run on, and how many threads have each set: `0,1 x 9`."""
    sets: Counter[str] = Counter()
    for task in Path("/proc/self/task").iterdir():
        try:
            cores = os.sched_getaffinity(int(task.name))
        except ProcessLookupError:
            continue
        sets[",".join(map(str, sorted(cores)))] += 1
    return "; ".join(f"{cores} x {count}" for cores, count in sorted(sets.items()))


def loaded_libraries(*names: str) -> set[str]:
    """File names of the libraries of these names that are mapped into this process."""
    files = {line.rsplit("/", 1)[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "/" in line}
    return {file for file in files if file.startswith(names)}
