"""torch.compile as Transformers applies it: a static KV cache, and the decode step compiled; the prefill stays eager.

Compiling happens at the first call of each shape. That is done here, outside of every timed region: at load for the
launch's largest batch (the stage `compile`), and before a generation whose batch is new.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hayasa_worker.failures import FailureError, unsupported
from hayasa_worker.frames import LoadRequest

_PROBE_PROMPT = [1, 2, 3, 4]
_PROBE_TOKENS = 3


def check_compiler(environment: Mapping[str, str]) -> None:
    """Raises FailureError `unsupported` where torch.compile would find no C++ compiler."""
    compiler = environment.get("CXX", "g++")
    if shutil.which(compiler, path=environment.get("PATH", "")) is None:
        raise unsupported(
            f"compile: torch.compile needs a C++ compiler, and {compiler!r} is not on the path",
            "install one (Debian, Ubuntu: apt install g++) or name it in CXX; or take the option compile away",
        )


def keep_artefacts(request: LoadRequest) -> Path:
    """Has torch keep what it compiles in the cache folder, so that its size can be read. Before torch is imported."""
    folder = Path(request.cache_folder) / "torch-inductor"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder)
    return folder


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Compiled:
    """A model whose decode steps are compiled, and the batches that they were compiled for."""

    def __init__(self, model: Any, positions: int, device: str) -> None:
        from transformers import CompileConfig

        self._model = model
        self._positions = positions
        self._device = device
        self._prepared: set[tuple[int, bool]] = set()
        self._config = CompileConfig(mode="default")
        self._config._compile_all_devices = True  # else a CPU is silently left out

    def options(self) -> dict[str, Any]:
        """For `generate`."""
        return {
            "cache_implementation": "static",
            "max_cache_len": self._positions,
            "compile_config": self._config,
        }

    def filled_cache(self, ids: Any) -> Any:
        """A static cache that holds `ids` [batch, depth]: a depth is computed before `generate` starts."""
        import torch
        from transformers import StaticCache

        cache = StaticCache(config=self._model.config, max_cache_len=self._positions)
        with torch.inference_mode():
            self._model(input_ids=ids, use_cache=True, past_key_values=cache)
        return cache

    def prepare(self, batch: int, *, has_depth: bool) -> None:
        """Compiles for a batch that is new; a cache that was filled before counts as another.

        Raises:
            FailureError: `unsupported` where nothing was compiled at all.

        """
        if (batch, has_depth) in self._prepared:
            return
        import torch

        ids = torch.tensor([_PROBE_PROMPT] * batch, device=self._device)
        options = self.options()
        if has_depth:
            options.pop("cache_implementation")
            options["past_key_values"] = self.filled_cache(ids)
            ids = torch.cat([ids, ids], dim=1)
        with torch.inference_mode():
            self._model.generate(
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=_PROBE_TOKENS, do_sample=False, **options
            )
        self._prepared.add((batch, has_depth))
        if compiled_graphs() == 0:
            raise unsupported("compile: Transformers did not compile this model: nothing would differ from eager")

    def check_untouched(self, graphs_before: int) -> None:
        """Raises FailureError where the timed call itself compiled: its time would be the compiler's."""
        made = compiled_graphs() - graphs_before
        if made > 0:
            raise FailureError("engine-error", f"compile: torch compiled {made} graphs inside the timed call")


def compiled_graphs() -> int:
    """Graphs that torch has compiled in this process."""
    from torch._dynamo.utils import counters

    return int(counters["stats"]["unique_graphs"])


def compile_facts() -> dict[str, bool | int | float | str]:
    """What the compiler made, for the record."""
    from torch._dynamo.utils import counters
    from torch._inductor import metrics

    return {
        "compiledGraphs": compiled_graphs(),
        "graphBreaks": sum(counters["graph_break"].values()),
        "generatedKernels": int(metrics.generated_kernel_count),
        "compiledPart": "decode steps with a static cache; the prefill is eager",
    }
