"""Teacher-forced agreement, divergence and log-likelihood from rows of logits, in double precision."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from hayasa_worker.answers import Score
from hayasa_worker.engine import Context, Engine
from hayasa_worker.failures import FailureError, unsupported
from hayasa_worker.frames import ScoreRequest

_FLOAT_BYTES = 4


def score(engine: Engine, request: ScoreRequest, context: Context, vocabulary_size: int) -> Score | None:
    """None when cancelled before the end. Rows of the logits file: continuations one after the other."""
    import numpy as np

    file = request.logits_file
    positions = sum(len(continuation) for continuation in request.continuations)
    reference = None
    if file is not None and file.mode == "compare":
        reference = _read(Path(file.path), positions, vocabulary_size)
    equal, same, divergence, done = 0, 0, 0.0, 0
    likelihoods: list[float] = []
    with ExitStack() as stack:
        written = None
        if file is not None and file.mode == "write":
            partial = Path(f"{file.path}.partial")
            partial.parent.mkdir(parents=True, exist_ok=True)
            stack.callback(partial.unlink, missing_ok=True)
            written = stack.enter_context(partial.open("wb"))
        for prompt, continuation in zip(request.prompts, request.continuations, strict=True):
            if context.cancelled():
                return None
            rows = np.ascontiguousarray(engine.logits(prompt, continuation), dtype=np.float32)
            likelihood = log_likelihood(rows, continuation)
            if not np.isfinite(likelihood):
                raise FailureError(
                    "engine-error",
                    f"the logits of continuation {len(likelihoods)} are not finite: the model overflows here",
                    "take a precision with a wider range (bf16, fp32)",
                )
            likelihoods.append(likelihood)
            choices = rows.argmax(axis=1)
            equal += int((choices == np.asarray(continuation)).sum())
            if written is not None:
                written.write(rows.tobytes())
            if reference is not None:
                expected = reference[done : done + len(rows)]
                divergence += float(kl_divergence(expected, rows).sum())
                same += int((choices == expected.argmax(axis=1)).sum())
            done += len(rows)
        if written is not None and file is not None:
            written.close()
            Path(written.name).replace(file.path)
    if reference is None:
        return Score(equal, positions, log_likelihoods=likelihoods)
    return Score(equal, positions, divergence / positions, same, likelihoods)


def log_likelihood(rows: Any, tokens: list[int]) -> float:
    """The sum of ln softmax(rows[i])[tokens[i]]."""
    import numpy as np

    return float(_log_softmax(rows.astype(np.float64))[np.arange(len(tokens)), tokens].sum())


def kl_divergence(reference: Any, other: Any) -> Any:
    """KL(softmax(reference) || softmax(other)) of each row, in nats: sum_i p_i (ln p_i - ln q_i)."""
    import numpy as np

    p_log, q_log = (_log_softmax(rows.astype(np.float64)) for rows in (reference, other))
    return np.maximum(0, (np.exp(p_log) * (p_log - q_log)).sum(axis=1))


def _log_softmax(rows: Any) -> Any:
    import numpy as np

    shifted = rows - rows.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _read(path: Path, positions: int, vocabulary_size: int) -> Any:
    import numpy as np

    expected = positions * vocabulary_size * _FLOAT_BYTES
    found = path.stat().st_size if path.is_file() else None
    if found != expected:
        raise unsupported(
            f"{path} has {'no' if found is None else found} bytes, "
            f"{positions} rows of {vocabulary_size} logits take {expected}",
            "write the reference logits again with the same prompts and continuations",
        )
    return np.memmap(path, dtype=np.float32, mode="r", shape=(positions, vocabulary_size))
