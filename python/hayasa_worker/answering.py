"""One request -> one answer, in the main thread. Never raises: what an engine raises becomes `failed`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from hayasa_worker.answers import Answer, Failed, Failure, Loaded, PartialLoad, SampleAnswer, Scored
from hayasa_worker.checks import check_generate, check_score
from hayasa_worker.engine import Context, Engine, Model
from hayasa_worker.failures import FailureError, failure_of
from hayasa_worker.frames import GenerateRequest, LoadRequest, Request, ScoreRequest
from hayasa_worker.scoring import score

StopReason = Literal["cancelled", "timeout"]


class Answering:
    """An engine and the model that it holds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._model: Model | None = None

    def answer(self, request: Request, context: Context, stop_reason: Callable[[], StopReason | None]) -> Answer:
        """`stop_reason` says why `context.cancelled()` is true."""
        try:
            if isinstance(request, LoadRequest):
                return self._load(request, context)
            answer = (
                self._generate(request, context)
                if isinstance(request, GenerateRequest)
                else (self._score(request, context))
            )
        except BaseException as error:  # whatever a library raises, exits included, is its failure
            return Failed("failed", request.id, _with_load(failure_of(error), context))
        return answer if answer is not None else Failed("failed", request.id, _cut_short(request, stop_reason()))

    def unload(self) -> None:
        """See `Engine.unload`."""
        self._engine.unload()

    def _load(self, request: LoadRequest, context: Context) -> Loaded:
        self._model = None
        self._model = model = self._engine.load(request, context)
        entries = None if model.cache_entry is None else [model.cache_entry]
        return Loaded("loaded", request.id, model.effective, context.stages, model.cache_bytes_written, entries)

    def _generate(self, request: GenerateRequest, context: Context) -> SampleAnswer | None:
        check_generate(request, self._loaded())
        sample = self._engine.generate(request, context)
        was_cut = any(sequence.finish == "cancelled" for sequence in sample.sequences)
        return None if was_cut else SampleAnswer("sample", request.id, sample)

    def _score(self, request: ScoreRequest, context: Context) -> Scored | None:
        model = self._loaded()
        check_score(request, model)
        scored = score(self._engine, request, context, model.vocabulary_size)
        return None if scored is None else Scored("scored", request.id, scored)

    def _loaded(self) -> Model:
        if self._model is None:
            raise FailureError("engine-error", "no model is loaded")
        return self._model


def _with_load(failure: Failure, context: Context) -> Failure:
    """A failed load says how far it came: a conversion before it is a result of its own."""
    if not context.stages:
        return failure
    return replace(failure, partial_load=PartialLoad(context.stages, context.cache_bytes_written))


def _cut_short(request: GenerateRequest | ScoreRequest, reason: StopReason | None) -> Failure:
    if reason == "timeout":
        return Failure("timeout", f"not finished after {request.deadline_ms} ms")
    return Failure("cancelled", "cancelled")
