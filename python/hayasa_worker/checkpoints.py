"""A checkpoint folder as every Python engine gets it: config.json and safetensors."""

import json
from pathlib import Path
from typing import Any

from hayasa_worker.failures import FailureError

_WAY_OUT = "name a folder with config.json and safetensors files"


def read_config(model_path: str) -> dict[str, Any]:
    """config.json of the checkpoint, before anything heavy is imported.

    Raises:
        FailureError: `bad-checkpoint` where there is none that can be read.

    """
    folder = Path(model_path)
    if not folder.is_dir():
        raise FailureError("bad-checkpoint", f"{model_path}: no such folder", _WAY_OUT)
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FailureError("bad-checkpoint", f"{folder / 'config.json'}: {error}", _WAY_OUT) from error
    if not isinstance(config, dict):
        raise FailureError("bad-checkpoint", f"{folder / 'config.json'}: not an object", _WAY_OUT)
    return config
