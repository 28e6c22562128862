"""The plain loop: `generate_batch` without a callback, timed as a whole, on the model of Hayasa's worker."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hayasa_worker.gpt_neox import GptNeoX
from peers.job import Job, read_job


def main() -> None:
    """Runs it."""
    job = read_job()
    import ctranslate2

    identity = GptNeoX.open(job.model_path).identity()
    (folder,) = (Path(job.cache_folder) / "ctranslate2").glob(f"{identity}-v*")
    generator = ctranslate2.Generator(
        str(folder), device="cpu", compute_type="float32", intra_threads=job.threads, inter_threads=1
    )
    job.time_calls(call_of(job, generator))


def call_of(job: Job, generator: Any) -> Callable[[], Any]:
    """`generator.generate_batch` on the prompts of the job."""
    prompts = [[str(token) for token in prompt] for prompt in job.prompts]
    return lambda: generator.generate_batch(
        prompts,
        beam_size=1,
        sampling_topk=1,
        min_length=job.output,
        max_length=job.output,
        end_token=[],
        include_prompt_in_result=False,
    )


if __name__ == "__main__":
    main()
