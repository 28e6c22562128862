"""The plain loop: `generate` as the documentation of Transformers calls it, timed as a whole."""

from collections.abc import Callable
from typing import Any

from hayasa_worker.hugging_face.generation import go_offline
from hayasa_worker.hugging_face.versions import Library
from peers.job import Job, read_job


def main() -> None:
    """Runs it."""
    job = read_job()
    go_offline()
    import torch
    import transformers

    torch.set_num_threads(job.threads)
    dtype = {Library.of(transformers.__version__).dtype_option: torch.float32}
    model = transformers.AutoModelForCausalLM.from_pretrained(job.model_path, **dtype).eval()
    job.time_calls(call_of(job, model))


def call_of(job: Job, model: Any) -> Callable[[], Any]:
    """`model.generate` on the prompts of the job."""
    import torch

    ids = torch.tensor(job.prompts)
    mask = torch.ones_like(ids)

    def call() -> Any:
        with torch.inference_mode():
            return model.generate(
                ids,
                attention_mask=mask,
                do_sample=False,
                min_new_tokens=job.output,
                max_new_tokens=job.output,
                pad_token_id=0,
            )

    return call


if __name__ == "__main__":
    main()
