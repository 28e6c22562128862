"""Optimum-Benchmark's inference scenario on its PyTorch backend, in this process; its report is the result."""

from hayasa_worker.hugging_face.generation import go_offline
from peers.job import read_job


def main() -> None:
    """Runs it."""
    job = read_job()
    go_offline()
    import torch
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
            # Version 0.6.0 hands each of these two to the setter of the other.
            inter_op_num_threads=job.threads,
            intra_op_num_threads=1,
        ),
        scenario=InferenceConfig(
            warmup_runs=job.warmups,
            iterations=job.repeats,
            duration=0,
            input_shapes={"batch_size": job.batch, "sequence_length": job.input},
            generate_kwargs={"max_new_tokens": job.output, "min_new_tokens": job.output, "do_sample": False},
        ),
    )
    report = Benchmark.launch(config)
    if torch.get_num_threads() != job.threads:
        raise SystemExit(f"it ran with {torch.get_num_threads()} threads instead of {job.threads}")
    report.save_json(job.output_path)


if __name__ == "__main__":
    main()
