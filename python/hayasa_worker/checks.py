"""Refuses requests that the loaded model cannot serve, before an engine sees them."""

from collections.abc import Sequence

from hayasa_worker.engine import Model
from hayasa_worker.failures import unsupported
from hayasa_worker.frames import GenerateRequest, ScoreRequest


def check_generate(request: GenerateRequest, model: Model) -> None:
    """Raises FailureError `unsupported` with the offending value."""
    if len(request.output_tokens) != len(request.prompts):
        raise unsupported(f"{len(request.prompts)} prompts but {len(request.output_tokens)} output lengths")
    if request.engine_timers and request.batching != "static":
        raise unsupported("the engine's own timers need static batching")
    for prompt, count in zip(request.prompts, request.output_tokens, strict=True):
        _check_tokens(prompt, model)
        _check_positions(request.depth_tokens + len(prompt) + count, model)


def check_score(request: ScoreRequest, model: Model) -> None:
    """Raises FailureError `unsupported` with the offending value."""
    if len(request.continuations) != len(request.prompts):
        raise unsupported(f"{len(request.prompts)} prompts but {len(request.continuations)} continuations")
    for prompt, continuation in zip(request.prompts, request.continuations, strict=True):
        _check_tokens(prompt, model)
        _check_tokens(continuation, model)
        _check_positions(len(prompt) + len(continuation), model)


def _check_tokens(tokens: Sequence[int], model: Model) -> None:
    if max(tokens) >= model.vocabulary_size:
        raise unsupported(f"token {max(tokens)} is outside the vocabulary of {model.vocabulary_size}")


def _check_positions(positions: int, model: Model) -> None:
    if positions > model.maximum_positions:
        raise unsupported(f"{positions} tokens of context, but the model has {model.maximum_positions} positions")
