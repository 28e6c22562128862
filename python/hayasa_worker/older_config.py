"""Checkpoints that Transformers 5 saved, for environments with Transformers 4.

Version 5 writes what it knows of rotary positions as `rope_parameters`. Version 4 does not look at that name, takes its
defaults in silence, and computes another model: so it gets the same folder with the names that it reads.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from hayasa_worker.checkpoints import read_config
from hayasa_worker.frames import LoadRequest


def in_older_form(config: dict[str, Any]) -> dict[str, Any]:
    """The config with `rope_parameters` also under the names of Transformers 4; itself where it has none."""
    parameters = config.get("rope_parameters")
    if not isinstance(parameters, dict):
        return config
    scaling = {key: value for key, value in parameters.items() if key not in {"rope_theta", "partial_rotary_factor"}}
    older: dict[str, Any] = {}
    if "rope_theta" in parameters:
        older |= {"rope_theta": parameters["rope_theta"], "rotary_emb_base": parameters["rope_theta"]}
    if "partial_rotary_factor" in parameters:
        share = parameters["partial_rotary_factor"]
        older |= {"partial_rotary_factor": share, "rotary_pct": share}
    if scaling.get("rope_type", "default") != "default":
        older["rope_scaling"] = {**scaling, "type": scaling["rope_type"]}
    # What the checkpoint says under the older names itself stays.
    return {**older, **config}


def with_older_config(request: LoadRequest) -> LoadRequest:
    """The request, on a folder of links with that config beside them where the checkpoint's own is not in that form."""
    config = read_config(request.model_path)
    older = in_older_form(config)
    if older == config:
        return request
    source = Path(request.model_path).resolve()
    text = json.dumps(older, sort_keys=True, indent=1)
    name = hashlib.sha256(f"{source}\n{text}".encode()).hexdigest()[:16]
    folder = Path(request.cache_folder) / "older-config" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file in source.iterdir():
        link = folder / file.name
        if file.name != "config.json" and not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(file)
    (folder / "config.json").write_text(text, encoding="utf-8")
    return replace(request, model_path=str(folder))
