"""OpenVINO GenAI's LLMPipeline with the metrics that it keeps of each call, on the graph that Hayasa's worker builds.

The attention backend is SDPA, which takes a static batch and keeps the model's own state, as the worker does; the other
one, paged attention, is another computation. Durations are microseconds, as the library has them.
"""

from collections.abc import Callable
from typing import Any

from hayasa_worker.gpt_neox import GptNeoX
from hayasa_worker.openvino_continuous import saved_graph
from hayasa_worker.openvino_graph import WeightFormat
from peers.job import Job, read_job


def main() -> None:
    """Runs it."""
    job = read_job()
    call = call_of(job)
    calls: list[dict[str, Any]] = []
    for repeat in range(job.warmups + job.repeats):
        metrics = call().perf_metrics
        raw = metrics.raw_metrics
        if repeat >= job.warmups:
            calls.append(
                {
                    "generated": metrics.get_num_generated_tokens(),
                    "generate_durations": list(raw.generate_durations),
                    "m_times_to_first_token": list(raw.m_times_to_first_token),
                    "m_durations": list(raw.m_durations),
                }
            )
    job.write({"calls": calls})


def call_of(job: Job) -> Callable[[], Any]:
    """`pipeline.generate` on the prompts of the job, with a pipeline of its own."""
    import numpy as np
    import openvino as ov
    import openvino_genai as genai

    pipeline = genai.LLMPipeline(
        str(saved_graph(GptNeoX.open(job.model_path), WeightFormat("float32"), job.cache_folder)),
        "CPU",
        INFERENCE_PRECISION_HINT="f32",
        KV_CACHE_PRECISION="f32",
        DYNAMIC_QUANTIZATION_GROUP_SIZE="0",
        INFERENCE_NUM_THREADS=job.threads,
        NUM_STREAMS="1",
        PERFORMANCE_HINT="LATENCY",
        ATTENTION_BACKEND="SDPA",
    )
    config = genai.GenerationConfig()
    config.max_new_tokens = config.min_new_tokens = job.output
    config.ignore_eos = True
    config.do_sample = False
    config.eos_token_id = 0
    config.stop_token_ids = set()
    ids = np.array(job.prompts, np.int64)
    inputs = genai.TokenizedInputs(ov.Tensor(ids), ov.Tensor(np.ones_like(ids)))
    return lambda: pipeline.generate(inputs, config)


if __name__ == "__main__":
    main()
