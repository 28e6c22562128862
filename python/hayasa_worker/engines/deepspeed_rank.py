"""One process of a DeepSpeed launch: AutoTP, kernel injection or FastGen. Started by the engine `deepspeed` only."""

import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hayasa_worker.answers import Effective, Precision, Sample
from hayasa_worker.checkpoints import read_config
from hayasa_worker.deepspeed import fastgen
from hayasa_worker.deepspeed.proof import injected, parameter_count, sharded
from hayasa_worker.engine import Context, Model, NoLogits
from hayasa_worker.frames import GenerateRequest, LoadRequest
from hayasa_worker.hugging_face import generation

_DTYPES = {"fp32": "float32", "fp16": "float16", "bf16": "bfloat16"}
_NEVER_RUN = "this path was written without a GPU and has never run on one"
_SETTLED_S = 600


class DeepSpeedRank(NoLogits):
    """The part of a model that one rank holds."""

    def __init__(self) -> None:
        self._model: Any = None
        self._fastgen: Any = None
        self._device = "cpu"

    def versions(self) -> Mapping[str, str]:
        """The engine `deepspeed` says them."""
        return {}

    def load(self, request: LoadRequest, context: Context) -> Model:
        """Imports, joins the group, loads the whole model and has DeepSpeed replace its modules."""
        config = read_config(request.model_path)
        mode, ranks = str(request.options["mode"]), int(os.environ["WORLD_SIZE"])
        generation.go_offline()
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
        self._device = request.device
        if request.device == "cpu":
            os.environ["DS_ACCELERATOR"] = "cpu"
        with context.stage("import"):
            import deepspeed
            import torch
            import transformers
        transformers.logging.set_verbosity_error()
        # Its shared-memory all-reduce crashes on CPUs with this torch: gloo's is used, and recorded.
        sys.modules["deepspeed.comm.torch"].build_shm_op = lambda: None  # type: ignore[attr-defined]
        torch.set_num_threads(max(1, request.threads // ranks))
        dtype = getattr(torch, _DTYPES[request.precision])
        if mode == "fastgen":
            with context.stage("load-model"):
                self._fastgen = fastgen.build(request)
            fastgen.check_dtype(self._fastgen, _DTYPES[request.precision])
            facts: dict[str, bool | int | float | str] = {"neverRunOnGpu": _NEVER_RUN}
        else:
            torch.distributed.init_process_group(
                "gloo" if request.device == "cpu" else "nccl",
                init_method=f"file://{os.environ['HAYASA_RANK_STORE']}",
                rank=int(os.environ["RANK"]), world_size=ranks, timeout=timedelta(seconds=_SETTLED_S),
            )  # fmt: skip
            with context.stage("load-model"):
                model = transformers.AutoModelForCausalLM.from_pretrained(
                    request.model_path,
                    dtype=dtype,
                    attn_implementation="eager",
                    local_files_only=True,
                    trust_remote_code=False,
                    use_safetensors=True,
                ).eval()
                before = parameter_count(model)
                is_injected = mode == "kernel-injection"
                engine = deepspeed.init_inference(
                    model.to(request.device), dtype=dtype, replace_with_kernel_inject=is_injected,
                    tensor_parallel={"tp_size": ranks}, max_out_tokens=request.limits.positions_per_slot,
                )  # fmt: skip
            self._model = engine.module
            generation.plain_generation(self._model)
            facts = injected(self._model) if is_injected else sharded(self._model, before, ranks)
            facts |= {"backend": torch.distributed.get_backend(), "sharedMemoryAllReduce": False}
            if request.device != "cpu":
                facts |= {"neverRunOnGpu": _NEVER_RUN}
        word = _DTYPES[request.precision]
        threads = torch.get_num_threads() * ranks
        effective = Effective(Precision(word, word, word, "float32"), threads, {"mode": mode, **facts})
        return Model(effective, int(config["vocab_size"]), int(config["max_position_embeddings"]))

    def generate(self, request: GenerateRequest, context: Context) -> Sample:
        """The same call in every rank."""
        if self._fastgen is None:
            return generation.generate(self._model, request, context, self._device)
        import torch

        return fastgen.generate(
            self._fastgen, request, context, lambda ids: torch.tensor(ids, dtype=torch.int32), torch.cuda.synchronize
        )

    def unload(self) -> None:
        """Ends with its process."""


def create_engine() -> DeepSpeedRank:
    """The engine."""
    return DeepSpeedRank()
