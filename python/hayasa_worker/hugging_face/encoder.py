"""The control of BetterTransformer: one forward pass of a BERT-shaped encoder with random weights over a padded batch.

Encoders are what the library was made for: its fused layer makes the batch a nested tensor and skips the padding. A
request of prompts of S tokens becomes a batch of width S in which the last `padding_share` of every row is padding.
The encoder writes no text: a sequence's one token is the number of the largest hidden value at its last real position,
taken after the timed region, so that both forms can be held against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hayasa_worker.answers import Call, Effective, EventRun, Precision, Sample, SequenceSample
from hayasa_worker.engine import Context
from hayasa_worker.failures import unsupported
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.hugging_face.census import census_text, dtype_name, operators_of, weight_dtypes
from hayasa_worker.hugging_face.loading import Loading
from hayasa_worker.hugging_face.transformation import replaced_modules, transform

_SEED = 0
_CENSUS_BATCH = 2
_CENSUS_WIDTH = 8
_NESTED = "nested"
_FUSED = "transformer_encoder_layer"


@dataclass(frozen=True)
class EncoderControl:
    """A loaded encoder."""

    model: Any
    device: str
    padding_share: float
    effective: Effective

    @staticmethod
    def make(
        config: Mapping[str, Any], loading: Loading, form: str, request: LoadRequest, context: Context
    ) -> "EncoderControl":
        """Builds the encoder with the dimensions of the checkpoint's config.json; its weights are not read.

        Raises:
            FailureError: `unsupported` where a transformation did nothing.

        """
        import torch
        from transformers import BertConfig, BertModel

        share = float(request.options.get("paddingShare", 0))
        with context.stage("make-encoder"):
            torch.manual_seed(_SEED)
            encoder = BertModel(bert_config(config, BertConfig), add_pooling_layer=False)
            encoder = encoder.to(getattr(torch, loading.dtype)).eval().to(loading.device)
        if form == "transformed":
            with context.stage("transform"):
                encoder = transform(encoder)
        with context.stage("census"):
            ids, mask = padded([[1] * _CENSUS_WIDTH] * _CENSUS_BATCH, share, loading.device)
            operators = operators_of(lambda: encoder(input_ids=ids, attention_mask=mask), (_NESTED, _FUSED))
        nested = any(_NESTED in name for name in operators)
        if form == "transformed" and share > 0 and not nested:
            raise unsupported(f"padding was not skipped: no nested tensor among {census_text(operators)}")
        dtype = dtype_name(next(encoder.parameters()).dtype)
        settings: dict[str, bool | int | float | str] = {
            "form": form,
            "control": "encoder",
            "paddingShare": share,
            "replacedModules": replaced_modules(encoder),
            "nestedTensors": nested,
            "operators": census_text(operators),
            "weightDtypes": census_text(weight_dtypes(encoder)),
        }
        # An encoder has no keys and values to keep; the field names the dtype that they have while it computes.
        effective = Effective(Precision(dtype, dtype, dtype, "float32"), torch.get_num_threads(), settings)
        return EncoderControl(encoder, loading.device, share, effective)

    def run(self, request: GenerateRequest, context: Context) -> Sample:
        """One forward pass: one step, which ends when the hidden states are there.

        Raises:
            FailureError: `unsupported` for anything but one output token of prompts of one length.

        """
        import torch

        if set(request.output_tokens) != {1} or request.depth_tokens > 0 or request.stop_tokens:
            raise unsupported("control: encoder is one forward pass: outputTokens 1, depthTokens 0, stop forced")
        if len({len(prompt) for prompt in request.prompts}) > 1:
            raise unsupported("control: encoder is padded by paddingShare: prompts of one length")
        ids, mask = padded(request.prompts, self.padding_share, self.device)
        synchronise = torch.cuda.synchronize if self.device.startswith("cuda") else _nothing
        # Not inference mode: nested tensors are made from masks under no_grad as users of the library ran them.
        with torch.no_grad():
            synchronise()
            start_ns = context.now_ns()
            hidden = self.model(input_ids=ids, attention_mask=mask)[0]
            synchronise()
            end_ns = context.now_ns()
            real = int(mask[0].sum())
            tokens = hidden[:, real - 1].argmax(dim=-1).tolist()
        return Sample(
            Call(start_ns, end_ns),
            [end_ns],
            [
                SequenceSample(
                    input_tokens=real,
                    intended_ns=start_ns,
                    queued_ns=start_ns,
                    sent_ns=start_ns,
                    events=[EventRun(0, 1, 1)],
                    end_ns=end_ns,
                    finish="length",
                    tokens=[token],
                    computed_padding=0,
                )
                for token in tokens
            ],
        )


def bert_config(config: Mapping[str, Any], make: Any) -> Any:
    """A BERT of the dimensions of a decoder's config.json."""
    hidden = int(config["hidden_size"])
    return make(
        vocab_size=int(config["vocab_size"]),
        hidden_size=hidden,
        num_hidden_layers=int(config["num_hidden_layers"]),
        num_attention_heads=int(config["num_attention_heads"]),
        intermediate_size=int(config.get("intermediate_size") or 4 * hidden),
        max_position_embeddings=int(config["max_position_embeddings"]),
        hidden_act="gelu",
    )


def real_tokens(width: int, padding_share: float) -> int:
    """Tokens of a row that are no padding; at least one."""
    return max(1, round(width * (1 - padding_share)))


def padded(prompts: list[list[int]], padding_share: float, device: str) -> tuple[Any, Any]:
    """Ids and mask of a batch whose rows end with padding."""
    import torch

    width = len(prompts[0])
    real = real_tokens(width, padding_share)
    ids = [[*prompt[:real], *([0] * (width - real))] for prompt in prompts]
    mask = [[1] * real + [0] * (width - real)] * len(prompts)
    return torch.tensor(ids, device=device), torch.tensor(mask, device=device)


def _nothing() -> None:
    """A CPU computes before it returns."""
