"""OpenVINO GenAI's LLMPipeline with the metrics that it keeps of each call, on the graph that Hayasa's worker builds.

The attention backend is SDPA, which takes a static batch and keeps the model's own state, as the worker does; the other
one, paged attention, is another computation. Durations are microseconds, as the library has them.
"""

from pathlib import Path
from typing import Any

from hayasa_worker.gpt_neox import GptNeoX
from hayasa_worker.openvino_graph import build_model
from peers.job import Job, read_job


def main() -> None:
    """Runs it."""
    job = read_job()
    import numpy as np
    import openvino as ov
    import openvino_genai as genai

    pipeline = genai.LLMPipeline(
        str(_graph_folder(job)),
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
    calls: list[dict[str, Any]] = []
    for repeat in range(job.warmups + job.repeats):
        metrics = pipeline.generate(inputs, config).perf_metrics
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


def _graph_folder(job: Job) -> Path:
    """The graph as files, which the pipeline wants: logits of the last position only, as the worker asks for."""
    import numpy as np
    import openvino as ov

    model = GptNeoX.open(job.model_path)
    folder = Path(job.cache_folder) / "bench" / "openvino-genai" / model.identity()
    if (folder / "openvino_model.xml").exists():
        return folder
    graph, kept_alive = build_model(model, "float32")
    kept = next(each for each in graph.get_parameters() if each.get_friendly_name() == "kept")
    one = ov.opset13.constant(np.array([1], np.int64))
    kept.output(0).replace(one.output(0))
    graph.remove_parameter(kept)
    folder.mkdir(parents=True, exist_ok=True)
    ov.save_model(graph, folder / "openvino_model.xml", compress_to_fp16=False)
    del kept_alive
    return folder


if __name__ == "__main__":
    main()
