"""Optimum-Benchmark's inference scenario on its PyTorch backend, in this process; its report is the result."""

from hayasa_worker.hugging_face.generation import go_offline
from peers.job import read_job


def main() -> None:
    """Runs it."""
    job = read_job()
    go_offline()
    from optimum_benchmark import Benchmark, BenchmarkConfig, InferenceConfig, InlineConfig, PyTorchConfig

    config = BenchmarkConfig(
        name="hayasa",
        launcher=InlineConfig(),
        backend=PyTorchConfig(
            model=job.model_path,
            task="text-generation",
            library="transformers",
            model_type="gpt_neox",
            device="cpu",
            torch_dtype="float32",
            inter_op_num_threads=1,
            intra_op_num_threads=job.threads,
        ),
        scenario=InferenceConfig(
            warmup_runs=job.warmups,
            iterations=job.repeats,
            duration=0,
            input_shapes={"batch_size": job.batch, "sequence_length": job.input},
            generate_kwargs={"max_new_tokens": job.output, "min_new_tokens": job.output, "do_sample": False},
        ),
    )
    Benchmark.launch(config).save_json(job.output_path)


if __name__ == "__main__":
    main()
