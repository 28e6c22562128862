"""The files that FasterTransformer's sample reads: config.ini, a tokenizer, and the prompts."""

import configparser
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from hayasa_worker.gpt_neox import GptNeoX


def write_config(model: GptNeoX, folder: Path, data_type: str, end_id: int) -> None:
    """config.ini, always ours: the converter leaves it out where Transformers keeps keys under other names."""
    config = configparser.ConfigParser()
    config["gptneox"] = {
        "model_name": "gptneox",
        "head_num": str(model.heads),
        "size_per_head": str(model.head_size),
        "inter_size": str(model.config["intermediate_size"]),
        "num_layer": str(model.layers),
        "rotary_embedding": str(model.rotary_dimensions),
        "vocab_size": str(model.vocabulary),
        "start_id": str(model.config.get("bos_token_id") or 0),
        "end_id": str(end_id),
        "use_gptj_residual": str(int(model.is_parallel)),
        "weight_data_type": data_type,
    }
    with (folder / "config.ini").open("w", encoding="ascii") as file:
        config.write(file)


def write_tokenizer(model: GptNeoX, folder: Path) -> None:
    """A tokenizer whose words are the decimal ids: prompts are exactly the asked tokens, outputs can be read back."""
    words = {str(token): token for token in range(model.vocabulary)}
    tokenizer: dict[str, object] = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": None, "decoder": None,
        "model": {"type": "WordLevel", "vocab": words, "unk_token": "0"},
    }  # fmt: skip
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="ascii")
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="ascii")
    shutil.copy(model.folder / "config.json", folder / "config.json")


def write_prompts(prompts: Sequence[Sequence[int]], path: Path) -> None:
    """A line per sequence. Without such a file the sample runs a single token, whatever length was meant."""
    path.write_text("".join(f"{' '.join(map(str, prompt))}\n" for prompt in prompts), encoding="ascii")


def link_weights(source: Path, folder: Path) -> None:
    """The converted weights, so that each run has a config.ini of its own beside them."""
    folder.mkdir(parents=True)
    for weights in sorted(source.glob("*.bin")):
        (folder / weights.name).symlink_to(weights)
