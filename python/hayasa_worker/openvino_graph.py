"""GPT-NeoX as an OpenVINO model of plain opset nodes, its KV cache as state.

Inputs: input_ids, position_ids [B, S] int64; attention_mask [B, T] int64 over cache and input; beam_idx [B] int32;
kept [1] int64, the number of last positions whose logits are wanted. Output: logits [B, kept, vocabulary] float32.
"""

from dataclasses import dataclass
from typing import Any

from hayasa_worker.gpt_neox import GptNeoX


@dataclass(frozen=True)
class WeightFormat:
    """`values` are float32, int8 (one scale per row) or int4 (one scale per `group_size` weights of a row)."""

    values: str
    group_size: int | None = None

    def __str__(self) -> str:
        return self.values if self.group_size is None else f"{self.values}-{self.group_size}"


def build_model(model: GptNeoX, weights: WeightFormat) -> tuple[Any, list[Any]]:
    """The model with `weights`, and the buffers that must outlive it."""
    import numpy as np
    import openvino as ov

    return _Builder(model, weights, np, ov).build()


class _Builder:
    def __init__(self, model: GptNeoX, weights: WeightFormat, np: Any, ov: Any) -> None:
        self.np, self.ov, self.op = np, ov, ov.opset13
        self.model, self.format = model, weights
        self.tensors = model.read_weights()
        self.kept_alive: list[Any] = [self.tensors]
        self.sinks: list[Any] = []

    def build(self) -> tuple[Any, list[Any]]:
        op, model = self.op, self.model
        ids = self.input("input_ids", [-1, -1], "i64")
        mask = self.input("attention_mask", [-1, -1], "i64")
        positions = self.input("position_ids", [-1, -1], "i64")
        beams = self.input("beam_idx", [-1], "i32")
        kept = self.input("kept", [1], "i64")
        x = op.gather(self.floats(self.tensors["gpt_neox.embed_in.weight"]), ids, self.ints(0))
        rotation = self.rotation(positions)
        visible = self.visible(ids, mask)
        batch = op.gather(op.shape_of(ids), self.ints([0]), self.ints(0))
        empty_shape = op.concat([batch, self.ints([model.heads]), self.ints([0]), self.ints([model.head_size])], 0)
        empty = op.broadcast(self.floats(0.0), empty_shape)
        for layer in range(model.layers):
            x = self.block(f"gpt_neox.layers.{layer}.", x, rotation, visible, empty, beams)
        start = op.multiply(kept, self.ints([-1]))
        x = op.slice(x, start, self.ints([2**31 - 1]), self.ints([1]), self.ints([1]))
        result = op.result(self.product(self.norm(x, "gpt_neox.final_layer_norm"), "embed_out.weight"))
        result.output(0).set_names({"logits"})
        return self.ov.Model([result], self.sinks, [ids, mask, positions, beams, kept], "gpt-neox"), self.kept_alive

    def input(self, name: str, shape: list[int], kind: str) -> Any:
        node = self.op.parameter(self.ov.PartialShape(shape), getattr(self.ov.Type, kind), name=name)
        node.output(0).set_names({name})
        return node

    def ints(self, values: int | list[int]) -> Any:
        return self.op.constant(self.np.array(values, self.np.int64))

    def floats(self, values: Any) -> Any:
        return self.op.constant(self.np.asarray(values, self.np.float32))

    def rotation(self, positions: Any) -> tuple[Any, Any]:
        """Cosines and sines [B, 1, S, rotary dimensions]."""
        np, op = self.np, self.op
        size = self.model.rotary_dimensions
        frequencies = 1 / self.model.rotary_base ** (np.arange(0, size, 2) / size)
        column = op.convert(op.unsqueeze(positions, self.ints(-1)), "f32")
        angles = op.multiply(column, self.floats(frequencies.reshape(1, 1, -1)))
        both = op.unsqueeze(op.concat([angles, angles], -1), self.ints(1))
        return op.cos(both), op.sin(both)

    def visible(self, ids: Any, mask: Any) -> Any:
        """Which keys a query sees, [B, 1, S, T]: earlier ones that are no padding, and always itself.

        Padding would otherwise see nothing, and a softmax over nothing is not a number.
        """
        op, ints = self.op, self.ints
        total = op.gather(op.shape_of(mask), ints(1), ints(0))
        new = op.gather(op.shape_of(ids), ints(1), ints(0))
        keys = op.unsqueeze(op.range(ints(0), total, ints(1), "i64"), ints([0, 1, 2]))
        queries = op.unsqueeze(op.range(op.subtract(total, new), total, ints(1), "i64"), ints([0, 1, 3]))
        is_token = op.unsqueeze(op.not_equal(mask, ints(0)), ints([1, 2]))
        earlier = op.logical_and(op.less_equal(keys, queries), is_token)
        return op.logical_or(earlier, op.equal(keys, queries))

    def block(self, name: str, x: Any, rotation: Any, visible: Any, empty: Any, beams: Any) -> Any:
        op, model, ints = self.op, self.model, self.ints
        for kind in ("weight", "bias"):
            self.tensors[f"{name}qkv.{kind}"] = model.unfused(self.tensors[f"{name}attention.query_key_value.{kind}"])
        fused = op.split(self.linear(self.norm(x, f"{name}input_layernorm"), f"{name}qkv"), ints(-1), 3)
        split = ints([0, 0, model.heads, model.head_size])
        query, key, value = (
            op.transpose(op.reshape(fused.output(i), split, True), ints([0, 2, 1, 3])) for i in range(3)
        )
        keys = self.cached(self.rotated(key, rotation), f"{name}key", empty, beams)
        values = self.cached(value, f"{name}value", empty, beams)
        scale = self.floats(model.head_size**-0.5)
        mixed = op.scaled_dot_product_attention(
            self.rotated(query, rotation), keys, values, visible, scale, causal=False
        )
        merged = op.reshape(op.transpose(mixed, ints([0, 2, 1, 3])), ints([0, 0, model.hidden]), True)
        attention = self.linear(merged, f"{name}attention.dense")
        middle = x if model.is_parallel else op.add(x, attention)
        up = self.linear(self.norm(middle, f"{name}post_attention_layernorm"), f"{name}mlp.dense_h_to_4h")
        down = self.linear(op.gelu(up, model.activation.upper()), f"{name}mlp.dense_4h_to_h")
        return op.add(op.add(x, attention), down) if model.is_parallel else op.add(middle, down)

    def rotated(self, x: Any, rotation: tuple[Any, Any]) -> Any:
        size = self.model.rotary_dimensions
        part = x if size == self.model.head_size else self.cut(x, 0, size)
        first, second = self.cut(part, 0, size // 2), self.cut(part, size // 2, size)
        turned = self.op.concat([self.op.multiply(second, self.floats(-1.0)), first], -1)
        new = self.op.add(self.op.multiply(part, rotation[0]), self.op.multiply(turned, rotation[1]))
        if size == self.model.head_size:
            return new
        return self.op.concat([new, self.cut(x, size, self.model.head_size)], -1)

    def cut(self, x: Any, start: int, end: int) -> Any:
        return self.op.slice(x, self.ints([start]), self.ints([end]), self.ints([1]), self.ints([3]))

    def cached(self, new: Any, name: str, empty: Any, beams: Any) -> Any:
        from openvino.op.util import Variable, VariableInfo

        info = VariableInfo()
        info.data_shape = self.ov.PartialShape([-1, self.model.heads, -1, self.model.head_size])
        info.data_type = self.ov.Type.f32
        info.variable_id = name
        variable = Variable(info)
        past = self.op.gather(self.op.read_value(empty, variable), beams, self.ints(0))
        whole = self.op.concat([past, new], 2)
        self.sinks.append(self.op.assign(whole, variable))
        return whole

    def norm(self, x: Any, name: str) -> Any:
        normed = self.op.mvn(x, self.ints([-1]), True, self.model.norm_epsilon, "INSIDE_SQRT")
        scaled = self.op.multiply(normed, self.floats(self.tensors[f"{name}.weight"]))
        return self.op.add(scaled, self.floats(self.tensors[f"{name}.bias"]))

    def linear(self, x: Any, name: str) -> Any:
        return self.op.add(self.product(x, f"{name}.weight"), self.floats(self.tensors[f"{name}.bias"]))

    def product(self, x: Any, name: str) -> Any:
        return self.op.matmul(x, self.weight(self.tensors[name]), False, True)

    def weight(self, tensor: Any) -> Any:
        np, op = self.np, self.op
        if self.format.values == "float32":
            return op.constant(tensor, shared_memory=True)
        if self.format.values == "int8":
            scale = np.maximum(np.abs(tensor).max(1, keepdims=True), 1e-12) / 127
            quantised = op.constant(np.round(tensor / scale).astype(np.int8))
            return op.multiply(op.convert(quantised, "f32"), self.floats(scale))
        groups = tensor.reshape(tensor.shape[0], -1, self.format.group_size)
        scale = np.maximum(np.abs(groups).max(2, keepdims=True), 1e-12) / 7
        nibbles = (np.clip(np.round(groups / scale), -8, 7).astype(np.int8) & 15).astype(np.uint8).reshape(-1)
        packed = np.ascontiguousarray(nibbles[0::2] | (nibbles[1::2] << 4))
        self.kept_alive.append(packed)
        quantised = op.constant(self.ov.Tensor(packed, self.ov.Shape(list(groups.shape)), self.ov.Type.i4))
        whole = op.multiply(op.convert(quantised, "f32"), self.floats(scale))
        return op.reshape(whole, self.ints(list(tensor.shape)), False)
