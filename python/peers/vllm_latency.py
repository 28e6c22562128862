"""`vllm bench latency`, by the function behind the command (the third-party build's console script does not start).

It draws tokens at temperature 1 and has no option for that; with `greedy` as second argument temperature is 0 instead.
"""

import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hayasa_worker.checkpoints import read_config
from hayasa_worker.vllm_parts.creation import Creation, set_environment
from peers.job import Job, read_job


def flags_of(arguments: Mapping[str, Any]) -> Iterator[str]:
    """Keyword arguments of `vllm.LLM` as its command line spells them."""
    for name, value in arguments.items():
        flag = name.replace("_", "-")
        if isinstance(value, bool):
            yield f"--{flag}" if value else f"--no-{flag}"
        else:
            yield from (f"--{flag}", str(value))


def arguments_of(job: Job) -> list[str]:
    """The command line: the engine as Hayasa's worker creates it, the work of the job."""
    creation = Creation.of(job.load_request(), read_config(job.model_path))
    return [
        *("--model", job.model_path, "--disable-detokenize"),
        *("--input-len", str(job.input), "--output-len", str(job.output), "--batch-size", str(job.batch)),
        *("--num-iters-warmup", str(job.warmups), "--num-iters", str(job.repeats)),
        *("--output-json", job.output_path),
        *flags_of(creation.arguments),
    ]


def main() -> None:
    """Runs it."""
    job = read_job()
    set_environment(job.load_request())
    import vllm
    from vllm.benchmarks import latency
    from vllm.utils.argparse_utils import FlexibleArgumentParser

    if "greedy" in sys.argv[2:]:
        # Whatever takes the class as a type is imported before the name means something else.
        _, drawn = vllm.LLM, vllm.SamplingParams
        vllm.SamplingParams = functools.partial(_greedy, drawn)
    parser = FlexibleArgumentParser()
    latency.add_cli_args(parser)
    latency.main(parser.parse_args(arguments_of(job)))


def call_of(job: Job, llm: Any, temperature: float) -> Callable[[], Any]:
    """`llm.generate` as the benchmark calls it, on the prompts of the job."""
    from vllm import SamplingParams

    parameters = SamplingParams(
        temperature=temperature, top_p=1.0, ignore_eos=True, max_tokens=job.output, detokenize=False
    )
    prompts = [{"prompt_token_ids": prompt} for prompt in job.prompts]
    return lambda: llm.generate(prompts, sampling_params=parameters, use_tqdm=False)


def _greedy(drawn: Any, **named: Any) -> Any:
    return drawn(**{**named, "temperature": 0})


if __name__ == "__main__":
    main()
