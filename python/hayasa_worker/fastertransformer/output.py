"""What FasterTransformer's gptneox_example.py prints with `--time`, as numbers.

Its line counts every position after the prompt, also those that only repeat end-of-text after a sequence has ended.
That count is kept; the honest one is what stands before the first end-of-text, end included.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from hayasa_worker.failures import FailureError

_TIMES = re.compile(
    r"^\[INFO\] FT-GPT generates (\d+) batches, taking ([\d.]+) secs to generate (\d+) tokens, ([\d.]+) tokens/sec\.$",
    re.MULTILINE,
)
_OUTPUT = re.compile(r"^\[INFO\] batch (\d+), beam 0:\n\[Context\]\n([\d ]*)\n\n\[Output\]\n([\d ]*)$", re.MULTILINE)
_MISSING_WEIGHTS = "Checkpoint file not found"


@dataclass(frozen=True)
class Output:
    """`seconds` for all `batches` together; `padded_tokens` over all of them, as counted by the program."""

    batches: int
    seconds: float
    padded_tokens: int
    sequences: list[list[int]]
    """Ids after each prompt, padding included, of one batch."""

    @property
    def batch_ns(self) -> int:
        """Mean time of a batch."""
        return round(self.seconds * 1e9 / self.batches)


def parse_output(text: str, prompts: list[list[int]], output_tokens: int) -> Output:
    """Reads and checks the printed text.

    Raises:
        FailureError: `engine-error` where the text says something else than what was asked for.

    """
    if _MISSING_WEIGHTS in text:
        raise _wrong("its weights were not loaded, so it computed with none")
    times = _TIMES.search(text)
    if times is None:
        raise _wrong("the line with the times is missing")
    found = {int(index): (context, output) for index, context, output in _OUTPUT.findall(text)}
    sequences = []
    for index, prompt in enumerate(prompts):
        if index not in found:
            raise _wrong(f"the output of sequence {index} is missing")
        context, output = ([int(word) for word in part.split()] for part in found[index])
        if context != prompt:
            raise _wrong(f"sequence {index} was given {len(context)} tokens that are not the {len(prompt)} asked for")
        if len(output) != output_tokens:
            raise _wrong(f"sequence {index} has {len(output)} positions after its prompt instead of {output_tokens}")
        sequences.append(output)
    result = Output(int(times[1]), float(times[2]), int(times[3]), sequences)
    expected = result.batches * len(prompts) * output_tokens
    if result.padded_tokens != expected or result.seconds <= 0:
        raise _wrong(f"it counts {result.padded_tokens} tokens in {result.seconds} s instead of {expected}")
    return result


def honest(tokens: list[int], stop_tokens: Collection[int]) -> list[int]:
    """Up to the first end-of-text, end included."""
    stop = next((index for index, token in enumerate(tokens) if token in stop_tokens), len(tokens) - 1)
    return tokens[: stop + 1]


def _wrong(what: str) -> FailureError:
    return FailureError("engine-error", f"FasterTransformer's output: {what}")
