"""BetterTransformer of optimum, in an environment of its time: eager or transformed, and an encoder as its control."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hayasa_worker.answers import Sample
from hayasa_worker.checkpoints import read_config
from hayasa_worker.engine import Context, Model
from hayasa_worker.failures import FailureError, unsupported
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.hugging_face import generation
from hayasa_worker.hugging_face.encoder import EncoderControl
from hayasa_worker.hugging_face.loading import Loading, effective_of, load_model
from hayasa_worker.hugging_face.transformation import replaced_modules, transform
from hayasa_worker.older_config import with_older_config
from hayasa_worker.packages import package_versions

_PRECISIONS = ("fp32", "fp16", "bf16")


class BetterTransformer:
    """One loaded model, or the control."""

    def __init__(self) -> None:
        self._model: Any = None
        self._encoder: EncoderControl | None = None
        self._device = "cpu"

    @property
    def model(self) -> Any:
        """The library's own object."""
        return self._model

    def versions(self) -> Mapping[str, str]:
        """Libraries whose version may change a number."""
        return package_versions("torch", "optimum", "transformers", "accelerate", "numpy")

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Loads in eager attention, transforms where that is asked for, and takes a census of one forward pass."""
        self._model, self._encoder = None, None
        form = request.options.get("form", "transformed")
        if form not in ("eager", "transformed"):
            raise unsupported(f"form {form!r} is neither eager nor transformed")
        if request.precision not in _PRECISIONS:
            raise unsupported(f"BetterTransformer has no {request.precision}; use one of {', '.join(_PRECISIONS)}")
        # The old Transformers knows no other attention for this architecture.
        loading = replace(Loading.of(request), attention="eager")
        request = with_older_config(request)
        config = read_config(request.model_path)
        generation.go_offline()
        with context.stage("import"):
            import optimum.bettertransformer  # noqa: F401 - the import is what is timed
            import torch
            import transformers  # noqa: F401
        loading.check(torch)
        torch.set_num_threads(request.threads)
        if request.options.get("control", "none") == "encoder":
            self._encoder = EncoderControl.make(config, loading, form, request, context)
            return Model(self._encoder.effective, int(config["vocab_size"]), int(config["max_position_embeddings"]))
        with context.stage("load-model"):
            model = load_model(request.model_path, loading, request.cache_folder)
        if form == "transformed":
            with context.stage("transform"):
                model = transform(model)
            loading = replace(loading, attention="sdpa")
        generation.plain_generation(model)
        with context.stage("census"):
            effective = effective_of(model, loading)
        settings = {"form": form, "replacedModules": replaced_modules(model), **effective.settings}
        self._model, self._device = model, loading.device
        return Model(
            replace(effective, settings=settings), int(config["vocab_size"]), int(config["max_position_embeddings"])
        )

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """Static batches only."""
        if request.batching != "static":
            raise unsupported("BetterTransformer has static batches only")
        if self._encoder is not None:
            return self._encoder.run(request, context)
        return generation.generate(self._model, request, context, self._device)

    def logits(self, prompt: list[int], continuation: list[int]) -> Any:
        """One forward pass."""
        if self._encoder is not None:
            raise FailureError("unsupported", "control: encoder predicts no next token")
        return generation.logits(self._model, prompt, continuation, self._device)

    def unload(self) -> None:
        """Memory goes with the process."""
        self._model, self._encoder = None, None


def create_engine() -> BetterTransformer:
    """The engine."""
    return BetterTransformer()
