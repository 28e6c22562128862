"""Hugging Face Transformers, greedy: its own `generate`, compiled or not, and its continuous batching.

bitsandbytes is two of its precisions; layers may be offloaded by accelerate.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from hayasa_worker.answers import Sample
from hayasa_worker.checkpoints import read_config
from hayasa_worker.engine import Context, Model
from hayasa_worker.failures import unsupported
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.hugging_face import compiling, continuous, generation
from hayasa_worker.hugging_face.compiling import Compiled
from hayasa_worker.hugging_face.loading import Loading, effective_of, load_model
from hayasa_worker.hugging_face.offloading import offload_folder
from hayasa_worker.hugging_face.versions import Library
from hayasa_worker.older_config import with_older_config
from hayasa_worker.packages import package_versions


class Transformers:
    """One loaded model."""

    def __init__(self) -> None:
        self._model: Any = None
        self._device = "cpu"
        self._compiled: Compiled | None = None
        self._offload = "none"

    @property
    def model(self) -> Any:
        """The library's own object."""
        return self._model

    def versions(self) -> Mapping[str, str]:
        """Libraries whose version may change a number."""
        return package_versions("torch", "transformers", "accelerate", "bitsandbytes", "numpy")

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Imports, loads, takes a census of one untimed forward pass, and compiles where that was asked for."""
        self._model = self._compiled = None
        loading = Loading.of(request)
        library = Library.of(version("transformers"))
        if not library.reads_new_rotary_names:
            request = with_older_config(request)
        config = read_config(request.model_path)
        generation.go_offline()
        artefacts = offload_folder(request, config, loading.dtype)
        if loading.compiles:
            compiling.check_compiler(os.environ)
            artefacts = compiling.keep_artefacts(request)
        bytes_before = compiling.folder_bytes(artefacts)
        with context.stage("import"):
            import torch
            import transformers  # noqa: F401 - the import is what is timed
        loading.check(torch)
        torch.set_num_threads(request.threads)
        with context.stage("load-model"):
            model = load_model(request.model_path, loading, str(artefacts))
        generation.plain_generation(model)
        with context.stage("census"):
            effective = effective_of(model, loading)
        if loading.compiles:
            positions = min(request.limits.positions_per_slot, int(config["max_position_embeddings"]))
            with context.stage("compile"):
                self._compiled = Compiled(model, positions, loading.device)
                self._compiled.prepare(request.limits.slots, has_depth=False)
            effective = replace(effective, settings={**effective.settings, **compiling.compile_facts()})
        self._model, self._device, self._offload = model, loading.device, loading.offload
        written = compiling.folder_bytes(artefacts) - bytes_before
        return Model(
            effective, int(config["vocab_size"]), int(config["max_position_embeddings"]), max(0, written)
        )  # fmt: skip

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """A static batch by `generate`, or the library's own continuous batching."""
        if request.batching == "static":
            return generation.generate(self._model, request, context, self._device, self._compiled)
        if self._compiled is not None or self._offload != "none":
            what = "compile" if self._compiled is not None else f"offload {self._offload}"
            raise unsupported(f"continuous batching and {what} are not wired up together")
        return continuous.generate(self._model, request, context)

    def logits(self, prompt: list[int], continuation: list[int]) -> Any:
        """One forward pass."""
        return generation.logits(self._model, prompt, continuation, self._device)

    def unload(self) -> None:
        """Memory goes with the process."""
        self._model = None


def create_engine() -> Transformers:
    """The engine."""
    return Transformers()
