"""The plain loop: `generate` as the documentation of Transformers calls it, timed as a whole."""

from hayasa_worker.hugging_face.generation import go_offline
from hayasa_worker.hugging_face.versions import Library
from peers.job import read_job


def main() -> None:
    """Runs it."""
    job = read_job()
    go_offline()
    import torch
    import transformers

    torch.set_num_threads(job.threads)
    dtype = {Library.of(transformers.__version__).dtype_option: torch.float32}
    model = transformers.AutoModelForCausalLM.from_pretrained(job.model_path, **dtype).eval()
    ids = torch.tensor(job.prompts)
    mask = torch.ones_like(ids)

    def call() -> None:
        with torch.inference_mode():
            model.generate(
                ids,
                attention_mask=mask,
                do_sample=False,
                min_new_tokens=job.output,
                max_new_tokens=job.output,
                pad_token_id=0,
            )

    job.time_calls(call)


if __name__ == "__main__":
    main()
