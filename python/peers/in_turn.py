"""An engine of Hayasa's worker and its library's own call, in turn in one process, on one loaded model.

Launches differ by where memory lies and by what else the machine does meanwhile; here both sides share all of that, so
that what is left is what Hayasa's loop and its stamps add. Arguments after the job: the engine, the library's call, and
options of the engine as `form=eager`.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

from hayasa_worker.engine import Context
from hayasa_worker.frames import GenerateRequest, Options
from peers import ctranslate2_generate, openvino_genai_metrics, transformers_generate, vllm_latency
from peers.job import Job, read_job

OwnCall = Callable[[Job, Any], Callable[[], Any]]
"""A job and the worker's engine -> the library's own call, ready to be timed as a whole."""

OWN_CALLS: dict[str, OwnCall] = {
    "generate": lambda job, engine: transformers_generate.call_of(job, engine.model),
    "generate_batch": lambda job, engine: ctranslate2_generate.call_of(job, engine.generator),
    "genai": lambda job, _: openvino_genai_metrics.call_of(job),
    "llm-greedy": lambda job, engine: vllm_latency.call_of(job, engine.llm, temperature=0),
    "llm-drawn": lambda job, engine: vllm_latency.call_of(job, engine.llm, temperature=1),
}


def main() -> None:
    """Runs it: pairs of calls, the first of each pair by turns."""
    job = read_job()
    name, own_name, *options = sys.argv[2:]
    engine = import_module(f"hayasa_worker.engines.{name}").create_engine()
    context = Context(now_ns=time.perf_counter_ns, cancelled=lambda: False, progress=lambda _name, _share: None)
    chosen: Options = {}
    for each in options:
        option, _, chosen[option] = each.partition("=")
    engine.load(replace(job.load_request(), options=chosen), context)
    own = OWN_CALLS[own_name](job, engine)
    request = request_of(job)

    def ours() -> int:
        call = engine.generate(request, context).call
        return int(call.end_ns - call.start_ns)

    def theirs() -> int:
        start_ns = time.perf_counter_ns()
        own()
        return time.perf_counter_ns() - start_ns

    job.write({"pairs": pairs_of(ours, theirs, job.warmups, job.repeats)})


def pairs_of(ours: Callable[[], int], theirs: Callable[[], int], warmups: int, repeats: int) -> list[dict[str, int]]:
    """Durations of both sides, nanoseconds; warm-ups are left out."""
    pairs: list[dict[str, int]] = []
    for repeat in range(warmups + repeats):
        if repeat % 2 == 0:
            ours_ns, theirs_ns = ours(), theirs()
        else:
            theirs_ns = theirs()
            ours_ns = ours()
        if repeat >= warmups:
            pairs.append({"ours_ns": ours_ns, "theirs_ns": theirs_ns})
    return pairs


def request_of(job: Job) -> GenerateRequest:
    """The work of the job as Hayasa asks for it."""
    return GenerateRequest(
        kind="generate",
        id=0,
        prompts=job.prompts,
        depth_tokens=0,
        output_tokens=[job.output] * job.batch,
        batching="static",
        slots=job.batch,
        stop_tokens=[],
        deadline_ms=600_000,
    )


if __name__ == "__main__":
    main()
