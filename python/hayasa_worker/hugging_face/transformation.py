"""BetterTransformer.transform, and the proof that it replaced something."""

from typing import Any

from hayasa_worker.failures import unsupported

_PACKAGE = "optimum.bettertransformer"


def transform(model: Any) -> Any:
    """The model with its layers replaced.

    Raises:
        FailureError: `unsupported` where the library refuses the model, or replaced nothing.

    """
    from optimum.bettertransformer import BetterTransformer

    try:
        transformed = BetterTransformer.transform(model)
    except (NotImplementedError, ValueError) as error:
        raise unsupported(f"BetterTransformer refuses the model: {error}", "ask for form: eager") from error
    if replaced_modules(transformed) == 0:
        raise unsupported(
            f"BetterTransformer replaced no module of {type(model).__name__}: its speed would be that of form: eager",
            "ask for form: eager",
        )
    return transformed.eval()


def replaced_modules(model: Any) -> int:
    """Modules of the model whose class is BetterTransformer's."""
    return sum(type(module).__module__.startswith(_PACKAGE) for module in model.modules())
