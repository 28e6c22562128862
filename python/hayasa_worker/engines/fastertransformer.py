"""FasterTransformer through its own sample program: convert, run, parse. GPU only, and never run on a GPU so far."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hayasa_worker.answers import Call, Effective, EventRun, Precision, Sample, SequenceSample
from hayasa_worker.engine import Context, Model, NoLogits
from hayasa_worker.failures import unsupported
from hayasa_worker.fastertransformer.files import link_weights, write_config, write_prompts, write_tokenizer
from hayasa_worker.fastertransformer.output import Output, honest, parse_output
from hayasa_worker.fastertransformer.program import Installation, run_to_end
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.gpt_neox import GptNeoX
from hayasa_worker.samples import Watch

_FORMATS = {"fp32": "float32", "fp16": "float16"}


class FasterTransformer(NoLogits):
    """A converted model; every generation is a process of its own."""

    def __init__(self) -> None:
        self._model: GptNeoX | None = None
        self._installation: Installation | None = None
        self._weights = Path()
        self._data_type = ""
        self._device = 0

    def versions(self) -> Mapping[str, str]:
        """It has no versions any more: its last commit is of October 2023."""
        return {"fastertransformer": "source tree"}

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Converts with its own converter where the cache has nothing."""
        if request.precision not in _FORMATS:
            raise unsupported(f"FasterTransformer has no {request.precision} here; use one of {', '.join(_FORMATS)}")
        if not request.device.startswith("cuda"):
            raise unsupported(f"device {request.device}: FasterTransformer computes on NVIDIA GPUs only")
        model = GptNeoX.open(request.model_path)
        installation = Installation.find()
        folder = Path(request.cache_folder) / "fastertransformer" / f"{model.identity()}-{request.precision}"
        written = 0
        if not folder.is_dir():
            partial = Path(f"{folder}.partial")
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            with context.stage("convert"):
                run_to_end(installation.convert_command(model.folder, partial, request.precision), {}, lambda: False)
                partial.rename(folder)
            written = sum(path.stat().st_size for path in folder.rglob("*.bin"))
        self._model, self._installation, self._data_type = model, installation, request.precision
        self._weights = folder / "1-gpu"
        self._device = int(request.device.partition(":")[2] or 0)
        word = _FORMATS[request.precision]
        settings = {
            "timing": "mean of the batches that its sample times itself; the tokens arrive together at the end",
            "neverRunOnGpu": "this path was written without a GPU and has never run on one",
        }
        formats = Precision(word, word, word, "float32")
        effective = Effective(formats, request.threads, dict(settings))
        return Model(effective, model.vocabulary, model.positions, written, f"fastertransformer/{folder.name}")

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """Runs the sample once: it warms up by itself, then times several batches."""
        model, installation = self._model, self._installation
        assert model is not None
        assert installation is not None
        check(request)
        output_tokens = request.output_tokens[0]
        # A forced length has an end-of-text that no token is.
        end_id = request.stop_tokens[0] if request.stop_tokens else model.vocabulary
        with tempfile.TemporaryDirectory(prefix="hayasa-fastertransformer-") as name:
            weights = Path(name) / "1-gpu"
            link_weights(self._weights, weights)
            write_config(model, weights, self._data_type, end_id)
            write_tokenizer(model, weights)
            prompts = Path(name) / "prompts.txt"
            write_prompts(request.prompts, prompts)
            command = installation.run_command(
                weights, prompts, len(request.prompts), len(request.prompts[0]), output_tokens, self._data_type
            )
            text = run_to_end(command, {"CUDA_VISIBLE_DEVICES": str(self._device)}, context.cancelled)
        if text is None:
            return _sample(request, None, context.now_ns())
        output = parse_output(text, request.prompts, output_tokens)
        if context.emit is not None:
            watch = Watch(request, context.emit)
            for step in zip(*output.sequences, strict=True):
                watch.step(step)
        return _sample(request, output, context.now_ns())

    def unload(self) -> None:
        """Nothing runs between two generations."""


def check(request: GenerateRequest) -> None:
    """Raises FailureError `unsupported` for what the sample program cannot be asked for."""
    if request.batching != "static" or request.depth_tokens > 0:
        raise unsupported("FasterTransformer's sample has neither continuous batching nor a depth")
    if len({len(prompt) for prompt in request.prompts}) > 1 or len(set(request.output_tokens)) > 1:
        raise unsupported("FasterTransformer's sample has one length for all prompts and one for all outputs here")
    if len(request.stop_tokens) > 1:
        raise unsupported("FasterTransformer's config.ini holds one end-of-text")


def _sample(request: GenerateRequest, output: Output | None, end_ns: int) -> Sample:
    """Duration as reported, put before the end of the run; one event, because tokens arrive together."""
    start_ns = end_ns if output is None else max(0, end_ns - output.batch_ns)
    sequences = []
    for index, prompt in enumerate(request.prompts):
        padded = [] if output is None else output.sequences[index]
        tokens = honest(padded, request.stop_tokens)
        is_stop = bool(tokens) and tokens[-1] in request.stop_tokens
        sequences.append(
            SequenceSample(
                input_tokens=len(prompt),
                intended_ns=start_ns,
                queued_ns=start_ns,
                sent_ns=start_ns,
                events=[EventRun(0, 1, len(tokens))] if tokens else [],
                end_ns=end_ns,
                finish="cancelled" if output is None else "stop" if is_stop else "length",
                tokens=tokens,
                computed_padding=len(padded) - len(tokens),
            )
        )
    return Sample(Call(start_ns, end_ns), [] if output is None else [end_ns], sequences)


def create_engine() -> FasterTransformer:
    """The engine."""
    return FasterTransformer()
