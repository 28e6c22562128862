"""Hugging Face Transformers: its own `generate`, static batches, greedy; bitsandbytes as two of its precisions."""

from collections.abc import Mapping
from typing import Any

from hayasa_worker.answers import Sample
from hayasa_worker.checkpoints import read_config
from hayasa_worker.engine import Context, Model
from hayasa_worker.failures import unsupported
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.hugging_face import generation
from hayasa_worker.hugging_face.loading import Loading, effective_of, load_model
from hayasa_worker.packages import package_versions


class Transformers:
    """One loaded model."""

    def __init__(self) -> None:
        self._model: Any = None
        self._device = "cpu"

    def versions(self) -> Mapping[str, str]:
        """Libraries whose version may change a number."""
        return package_versions("torch", "transformers", "accelerate", "bitsandbytes", "numpy")

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Imports, loads, and takes a census of one untimed forward pass."""
        self._model = None
        config = read_config(request.model_path)
        loading = Loading.of(request)
        generation.go_offline()
        with context.stage("import"):
            import torch
            import transformers  # noqa: F401 - the import is what is timed
        loading.check(torch)
        torch.set_num_threads(request.threads)
        with context.stage("load-model"):
            model = load_model(request.model_path, loading)
        generation.plain_generation(model)
        with context.stage("census"):
            effective = effective_of(model, loading)
        self._model, self._device = model, loading.device
        return Model(effective, int(config["vocab_size"]), int(config["max_position_embeddings"]))

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """Static batches only."""
        if request.batching != "static":
            raise unsupported("Transformers is run with static batches; continuous batching is not wired up")
        return generation.generate(self._model, request, context, self._device)

    def logits(self, prompt: list[int], continuation: list[int]) -> Any:
        """One forward pass."""
        return generation.logits(self._model, prompt, continuation, self._device)

    def unload(self) -> None:
        """Memory goes with the process."""
        self._model = None


def create_engine() -> Transformers:
    """The engine."""
    return Transformers()
