"""A checkpoint -> an ONNX folder by optimum's exporter: the call that `from_pretrained(export=True)` makes."""

import os
import shutil
from collections import Counter
from pathlib import Path

from hayasa_worker.engine import Context

GRAPH = "model.onnx"
_TASK = "text-generation-with-past"


def export(model_path: str, dtype: str, folder: Path, context: Context) -> None:
    """Exports in `dtype` (`fp32`, `fp16`) and puts the folder in place whole.

    The bytes are counted also where the export fails in the end: the exporter itself opens the graph with ONNX Runtime.
    """
    from optimum.exporters.onnx import main_export

    partial = folder.with_name(f"{folder.name}.{os.getpid()}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        main_export(
            model_path,
            output=partial,
            task=_TASK,
            dtype=dtype,
            device="cpu",
            framework="pt",
            library_name="transformers",
            do_validation=False,
            local_files_only=True,
        )
    except BaseException:
        context.cache_bytes_written = _bytes_of(partial)
        shutil.rmtree(partial, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    context.cache_bytes_written = _bytes_of(folder)


def _bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def weight_formats(graph: Path) -> Counter[str]:
    """Values of the graph's initializers by format; the weights themselves are not read."""
    import math

    import onnx

    names = {onnx.TensorProto.FLOAT: "float32", onnx.TensorProto.FLOAT16: "float16"}
    counts: Counter[str] = Counter()
    for tensor in onnx.load(graph, load_external_data=False).graph.initializer:
        counts[names.get(tensor.data_type, onnx.TensorProto.DataType.Name(tensor.data_type))] += math.prod(tensor.dims)
    return counts
