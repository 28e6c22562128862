"""A GPT-NeoX checkpoint for engines that build the model themselves: config and weights."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from hayasa_worker.checkpoints import identity_of, read_config, weight_files
from hayasa_worker.failures import FailureError, unsupported
from hayasa_worker.float32_weights import read_float32

_ACTIVATIONS = {"gelu": "erf", "gelu_new": "tanh", "gelu_fast": "tanh"}


@dataclass(frozen=True)
class GptNeoX:
    """Names as in config.json; `rotary_dimensions` of each head are rotated."""

    folder: Path
    config: dict[str, Any]
    hidden: int
    layers: int
    heads: int
    vocabulary: int
    positions: int
    rotary_dimensions: int
    rotary_base: float
    norm_epsilon: float
    is_parallel: bool
    activation: str

    @staticmethod
    def open(model_path: str) -> "GptNeoX":
        """Reads config.json.

        Raises:
            FailureError: `bad-checkpoint` where it is missing or describes something else, `unsupported` for what
                no engine here builds.

        """
        config = read_config(model_path)
        if config.get("model_type") != "gpt_neox" or config.get("hidden_act") not in _ACTIVATIONS:
            raise FailureError("bad-checkpoint", f"{model_path}: not a GPT-NeoX checkpoint with a GELU")
        if config.get("attention_bias") is False:
            raise unsupported(f"{model_path}: attention without biases")
        rotary = _rotary(config)
        hidden, heads = int(config["hidden_size"]), int(config["num_attention_heads"])
        return GptNeoX(
            folder=Path(model_path),
            config=config,
            hidden=hidden,
            layers=int(config["num_hidden_layers"]),
            heads=heads,
            vocabulary=int(config["vocab_size"]),
            positions=int(config["max_position_embeddings"]),
            rotary_dimensions=int(hidden // heads * rotary[0]),
            rotary_base=rotary[1],
            norm_epsilon=float(config.get("layer_norm_eps", 1e-5)),
            is_parallel=bool(config.get("use_parallel_residual", True)),
            activation=_ACTIVATIONS[config["hidden_act"]],
        )

    @property
    def head_size(self) -> int:
        """Values of a head."""
        return self.hidden // self.heads

    @cached_property
    def weight_files(self) -> list[Path]:
        """The safetensors files, one or several."""
        return weight_files(self.folder)

    def read_weights(self) -> dict[str, Any]:
        """All tensors as `read_float32` gives them, the head under `embed_out.weight` also where it is tied.

        Raises:
            FailureError: `bad-checkpoint` where a file is missing or broken.

        """
        weights: dict[str, Any] = {}
        for path in self.weight_files:
            weights |= read_float32(path)
        weights.setdefault("embed_out.weight", weights["gpt_neox.embed_in.weight"])
        return weights

    def unfused(self, tensor: Any) -> Any:
        """Rows of the fused projection from [heads, 3, size] to [3, heads, size]."""
        shape = (self.heads, 3, self.head_size, *tensor.shape[1:])
        return tensor.reshape(shape).swapaxes(0, 1).reshape(tensor.shape).copy()

    def identity(self) -> str:
        """Of this checkpoint on this machine: config, and name, size and time of each weight file."""
        return identity_of(self.folder, self.config)


def _rotary(config: dict[str, Any]) -> tuple[float, float]:
    """Share of a head that is rotated, and base: under the classic keys, or as Transformers 5 writes them."""
    new = config.get("rope_parameters") or {}
    kind = new.get("rope_type", "default") if "rope_parameters" in config else "default"
    if kind != "default" or config.get("rope_scaling"):
        raise unsupported(f"rotary positions of type {kind} are not built here")
    share = new.get("partial_rotary_factor", config.get("rotary_pct", 0.25))
    base = new.get("rope_theta", config.get("rotary_emb_base", 10000))
    return float(share), float(base)
