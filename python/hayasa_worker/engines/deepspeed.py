"""DeepSpeed: AutoTP over several ranks, kernel injection and FastGen; every rank is a process of its own."""

import time
from collections.abc import Mapping
from dataclasses import replace

from hayasa_worker.answers import Call, Loaded, Sample, SampleAnswer, Stage
from hayasa_worker.checkpoints import read_config
from hayasa_worker.deepspeed import fastgen
from hayasa_worker.deepspeed.ranks import Ranks
from hayasa_worker.engine import Context, Model, NoLogits
from hayasa_worker.failures import FailureError, unsupported
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.older_config import with_older_config
from hayasa_worker.packages import package_versions
from hayasa_worker.samples import Watch, static_sample

MODES = ("auto-tp", "kernel-injection", "fastgen")


class DeepSpeed(NoLogits):
    """Holds no model: its ranks do."""

    def __init__(self) -> None:
        self._ranks: Ranks | None = None

    def versions(self) -> Mapping[str, str]:
        """Libraries whose version may change a number."""
        return package_versions("deepspeed", "torch", "transformers", "accelerate", "numpy")

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Starts the ranks, which load together."""
        self.unload()
        request = with_older_config(request)
        config = read_config(request.model_path)
        ranks = check(request, str(config.get("model_type")))
        with context.stage("start-ranks"):
            self._ranks = Ranks(ranks)
            self._ranks.greet()
        # Stages and stamps of a rank count from its own origin.
        shift = self._shift(context)
        answer = self._ranks.ask(request, context.cancelled)
        if not isinstance(answer, Loaded):
            raise FailureError("cancelled", "cancelled")
        context.stages.extend(
            Stage(stage.name, stage.start_ns + shift, stage.end_ns + shift) for stage in answer.stages
        )
        return Model(answer.effective, int(config["vocab_size"]), int(config["max_position_embeddings"]))

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """What rank 0 stamps; the others compute their share in step with it."""
        if self._ranks is None or not self._ranks.are_alive:
            raise FailureError("engine-error", "the ranks were ended with the generation before; load again")
        answer = self._ranks.ask(replace(request, stream=None), context.cancelled)
        if not isinstance(answer, SampleAnswer):
            now_ns = context.now_ns()
            return static_sample(request, Call(now_ns, now_ns), [], [[] for _ in request.prompts])
        sample = _shifted(answer.sample, self._shift(context))
        if context.emit is not None:
            watch = Watch(request, context.emit)
            for index, sequence in enumerate(sample.sequences):
                for token in sequence.tokens:
                    watch.one(index, token)
        return sample

    def unload(self) -> None:
        """Ends the ranks."""
        if self._ranks is not None:
            self._ranks.end()
            self._ranks = None

    def _shift(self, context: Context) -> int:
        origin_ns = time.perf_counter_ns() - context.now_ns()
        return 0 if self._ranks is None else self._ranks.origin_ns - origin_ns


def check(request: LoadRequest, model_type: str) -> int:
    """The number of ranks. Raises FailureError `unsupported` for what would do nothing, before anything starts."""
    mode, ranks = str(request.options.get("mode", "auto-tp")), int(request.options.get("ranks", 2))
    if mode not in MODES:
        raise unsupported(f"mode {mode!r} is none of {', '.join(MODES)}")
    if request.precision not in ("fp32", "fp16", "bf16"):
        raise unsupported(f"DeepSpeed has no {request.precision}; use one of fp32, bf16, fp16")
    if mode != "auto-tp" and not request.device.startswith("cuda"):
        raise unsupported(
            f"{mode} exists on CUDA only: on a CPU DeepSpeed would leave the model as it is", "use mode auto-tp"
        )
    if mode == "auto-tp":
        if ranks < 2:
            raise unsupported("AutoTP over one rank shards nothing: it would be Transformers' speed", "use 2 ranks")
        return ranks
    if mode == "fastgen":
        fastgen.check_model(model_type)
    return 1


def _shifted(sample: Sample, by_ns: int) -> Sample:
    """The same sample, counted from another origin."""
    return Sample(
        Call(sample.call.start_ns + by_ns, sample.call.end_ns + by_ns),
        [step + by_ns for step in sample.steps_ns],
        [
            replace(
                sequence,
                intended_ns=sequence.intended_ns + by_ns,
                queued_ns=sequence.queued_ns + by_ns,
                sent_ns=sequence.sent_ns + by_ns,
                end_ns=sequence.end_ns + by_ns,
            )
            for sequence in sample.sequences
        ],
    )


def create_engine() -> DeepSpeed:
    """The engine."""
    return DeepSpeed()
