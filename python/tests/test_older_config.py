"""Configs of Transformers 5 in the form that version 4 reads."""

import json
from pathlib import Path

from hayasa_worker.frames import Limits, LoadRequest
from hayasa_worker.older_config import in_older_form, with_older_config


def test_rotary_positions_get_their_older_names() -> None:
    config = {"rope_parameters": {"rope_theta": 500.0, "partial_rotary_factor": 0.25, "rope_type": "default"}}
    assert in_older_form(config) == {
        **config,
        "rope_theta": 500.0,
        "rotary_emb_base": 500.0,
        "partial_rotary_factor": 0.25,
        "rotary_pct": 0.25,
    }


def test_scaling_keeps_its_parameters() -> None:
    older = in_older_form({"rope_parameters": {"rope_theta": 1e4, "rope_type": "linear", "factor": 2.0}})
    assert older["rope_scaling"] == {"rope_type": "linear", "type": "linear", "factor": 2.0}


def test_what_is_in_the_older_form_stays() -> None:
    assert in_older_form({"rope_theta": 7.0}) == {"rope_theta": 7.0}
    both = {"rope_theta": 7.0, "rope_parameters": {"rope_theta": 8.0, "rope_type": "default"}}
    assert in_older_form(both)["rope_theta"] == 7.0


def test_the_folder_has_the_same_weights_and_the_other_config(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "model.safetensors").write_bytes(b"weights")
    config = {"rope_parameters": {"rope_theta": 500.0, "rope_type": "default"}}
    (model / "config.json").write_text(json.dumps(config))
    request = LoadRequest("load", 1, str(model), "fp32", {}, 2, "cpu", str(tmp_path / "cache"), Limits(1, 8))
    for _ in range(2):
        folder = Path(with_older_config(request).model_path)
        assert (folder / "model.safetensors").read_bytes() == b"weights"
        assert json.loads((folder / "config.json").read_text())["rope_theta"] == 500.0
    (model / "config.json").write_text('{"rope_theta": 500.0}')
    assert with_older_config(request) == request
