"""Proof that DeepSpeed did something: which of its modules stand in the model. A no-op is refused, never timed."""

from collections import Counter
from typing import Any

from hayasa_worker.failures import unsupported
from hayasa_worker.hugging_face.census import census_text, module_classes


def sharded(model: Any, parameters_before: int, ranks: int) -> dict[str, bool | int | float | str]:
    """What AutoTP replaced, and how many parameters (`parameter_count`) this rank holds of those before.

    Raises:
        FailureError: `unsupported` where nothing was replaced or nothing got smaller.

    """
    replaced = _own_modules(model)
    parameters = parameter_count(model)
    if not replaced or parameters >= parameters_before:
        raise unsupported(
            f"AutoTP over {ranks} ranks replaced {sum(replaced.values())} modules, and this rank holds {parameters} of "
            f"{parameters_before} parameters: nothing was sharded, so this would be Transformers' speed"
        )
    return {
        "replacedModules": census_text(replaced),
        "parametersOfRank0": parameters,
        "parametersWhole": parameters_before,
        "ranks": ranks,
    }


def parameter_count(model: Any) -> int:
    """Numbers in the model's parameters; one that two modules share counts in each.

    A head that is tied to the embedding is cut from it where it is sharded: counted once before and apart afterwards,
    it would make a small model look as if it had grown.
    """
    return sum(parameter.numel() for _, parameter in model.named_parameters(remove_duplicate=False))


def injected(model: Any) -> dict[str, bool | int | float | str]:
    """What kernel injection replaced.

    Raises:
        FailureError: `unsupported` where no block was.

    """
    replaced = _own_modules(model)
    if not replaced:
        raise unsupported(
            "kernel injection replaced no module: DeepSpeed has no policy for this model, so this would be "
            "Transformers' speed"
        )
    return {"replacedModules": census_text(replaced)}


def _own_modules(model: Any) -> Counter[str]:
    return module_classes(model, lambda name: name.startswith("deepspeed."))
