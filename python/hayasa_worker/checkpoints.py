"""A checkpoint folder as every Python engine gets it: config.json and safetensors."""

import hashlib
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


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a checkpoint, one or several."""
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        return [folder / "model.safetensors"]
    names = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
    return [folder / name for name in sorted(set(names))]


def identity_of(folder: Path, config: dict[str, Any]) -> str:
    """Of a checkpoint on this machine: config, and name, size and time of each weight file. 16 hexadecimal digits.

    Raises:
        FailureError: `bad-checkpoint` where a weight file is missing.

    """
    try:
        files = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in weight_files(folder)]
    except OSError as error:
        raise FailureError("bad-checkpoint", str(error), _WAY_OUT) from error
    text = json.dumps([config, files], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
