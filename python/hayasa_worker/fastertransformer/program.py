"""FasterTransformer's own programs for GPT-NeoX: where they are, how they are called, and how they are ended.

Read in NVIDIA/FasterTransformer (last commit of October 2023): examples/pytorch/gptneox/gptneox_example.py and
utils/huggingface_gptneox_convert.py. Never run on a GPU by the authors of this file.
"""

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hayasa_worker.failures import FailureError, unsupported

ROOT_VARIABLE = "HAYASA_FASTERTRANSFORMER"
"""The source tree, built: it holds `build/lib/libth_transformer.so`."""
PYTHON_VARIABLE = "HAYASA_FASTERTRANSFORMER_PYTHON"
"""The Python that has torch and an old Transformers, as in NVIDIA's container; default: python3."""
_POLL_S = 0.1
_TAIL_CHARACTERS = 2000


@dataclass(frozen=True)
class Installation:
    """A built source tree."""

    root: Path
    python: str

    @staticmethod
    def find() -> "Installation":
        """Raises FailureError `unsupported` where there is none."""
        root = os.environ.get(ROOT_VARIABLE, "")
        installation = Installation(Path(root), os.environ.get(PYTHON_VARIABLE, "python3"))
        if root == "" or not installation.library.is_file():
            raise unsupported(
                f"FasterTransformer: {installation.library if root else ROOT_VARIABLE} is not there",
                f"build it as src/engines/fastertransformer/README.md says, and set {ROOT_VARIABLE} to its folder",
            )
        return installation

    @property
    def library(self) -> Path:
        """The operators for PyTorch."""
        return self.root / "build" / "lib" / "libth_transformer.so"

    def convert_command(self, checkpoint: Path, target: Path, data_type: str) -> list[str]:
        """Writes `target`/1-gpu."""
        script = self.root / "examples" / "pytorch" / "gptneox" / "utils" / "huggingface_gptneox_convert.py"
        return [
            self.python, str(script), "-o", str(target), "-i", str(checkpoint), "-i_g", "1", "-m_n", "gptneox",
            "-weight_data_type", data_type,
        ]  # fmt: skip

    def run_command(
        self, weights: Path, prompts: Path, batch: int, input_tokens: int, output_tokens: int, data_type: str
    ) -> list[str]:
        """Generates greedily. `--max_seq_len` is the size of the position table: input and output together."""
        script = self.root / "examples" / "pytorch" / "gptneox" / "gptneox_example.py"
        return [
            self.python, str(script), f"--ckpt_path={weights}", f"--tokenizer_path={weights}",
            f"--lib_path={self.library}", f"--sample_input_file={prompts}", f"--max_batch_size={batch}",
            f"--output_len={output_tokens}", f"--max_seq_len={input_tokens + output_tokens}",
            f"--inference_data_type={data_type}", "--beam_width=1", "--top_k=1", "--time",
        ]  # fmt: skip


def run_to_end(command: Sequence[str], environment: dict[str, str], cancelled: Callable[[], bool]) -> str | None:
    """What the program printed; None where it was ended because of `cancelled`.

    It stays in the worker's process group, which the controller ends whole: nothing of it outlives the worker.

    Raises:
        FailureError: where it does not start, or fails; its last words are the message.

    """
    try:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except OSError as error:
        raise FailureError("engine-error", f"{command[0]} does not start: {error}") from error
    try:
        while True:
            try:
                text, _ = process.communicate(timeout=_POLL_S)
                break
            except subprocess.TimeoutExpired:
                if cancelled():
                    return None
    finally:
        process.kill()
        process.wait()
    if process.returncode != 0:
        # What it says decides the cause: failure_of knows the words for memory.
        raise RuntimeError(f"{command[1]} ended with {process.returncode}: {text[-_TAIL_CHARACTERS:].strip()}")
    return text
