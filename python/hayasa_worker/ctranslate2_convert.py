"""GPT-NeoX safetensors -> a CTranslate2 model folder, without torch or Transformers. A token's word is its id."""

import os
import shutil
from pathlib import Path
from typing import Any

from hayasa_worker.gpt_neox import GptNeoX


def convert(model: GptNeoX, folder: Path) -> int:
    """Writes the model in float32 and puts it in place whole. Bytes written."""
    from ctranslate2.specs import common_spec, transformer_spec

    weights = model.read_weights()
    gelu = common_spec.Activation.GELU if model.activation == "erf" else common_spec.Activation.GELUTanh
    spec = transformer_spec.TransformerDecoderModelSpec.from_config(
        model.layers,
        model.heads,
        activation=gelu,
        pre_norm=True,
        rotary_dim=model.rotary_dimensions,
        rotary_interleave=False,
        rotary_base=model.rotary_base,
        parallel_residual=model.is_parallel,
        shared_layer_norm=False,
    )
    spec.decoder.scale_embeddings = False
    spec.decoder.embeddings.weight = weights["gpt_neox.embed_in.weight"]
    for index, layer in enumerate(spec.decoder.layer):
        _layer(model, layer, weights, f"gpt_neox.layers.{index}.")
    _norm(spec.decoder.layer_norm, weights, "gpt_neox.final_layer_norm")
    spec.decoder.projection.weight = weights["embed_out.weight"]
    spec.register_vocabulary([str(token) for token in range(model.vocabulary)])
    spec.config.layer_norm_epsilon = model.norm_epsilon
    end = str(model.config.get("eos_token_id") or 0)
    spec.config.bos_token = spec.config.eos_token = spec.config.unk_token = end
    spec.validate()
    spec.optimize()
    partial = folder.with_name(f"{folder.name}.{os.getpid()}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        spec.save(str(partial))
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return sum(path.stat().st_size for path in folder.iterdir())


def _layer(model: GptNeoX, layer: Any, weights: dict[str, Any], name: str) -> None:
    # Where both branches read the block's input, the specification holds their norms beside them.
    before = layer.input_layer_norm if model.is_parallel else layer.self_attention.layer_norm
    after = layer.post_attention_layer_norm if model.is_parallel else layer.ffn.layer_norm
    _norm(before, weights, f"{name}input_layernorm")
    _norm(after, weights, f"{name}post_attention_layernorm")
    fused, dense = layer.self_attention.linear
    fused.weight = model.unfused(weights[f"{name}attention.query_key_value.weight"])
    fused.bias = model.unfused(weights[f"{name}attention.query_key_value.bias"])
    _linear(dense, weights, f"{name}attention.dense")
    _linear(layer.ffn.linear_0, weights, f"{name}mlp.dense_h_to_4h")
    _linear(layer.ffn.linear_1, weights, f"{name}mlp.dense_4h_to_h")


def _linear(spec: Any, weights: dict[str, Any], name: str) -> None:
    spec.weight, spec.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _norm(spec: Any, weights: dict[str, Any], name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
