"""Proof of what torch really computed: operators and dtypes of one forward pass, dtypes and classes of the weights."""

from collections import Counter
from collections.abc import Callable
from typing import Any

_COUNTED = ("mm", "linear", "bitsandbytes", "attention", "matmul", "int8", "4bit")
SDPA = "scaled_dot_product"


def dtype_name(dtype: Any) -> str:
    """`torch.float32` -> `float32`."""
    return str(dtype).removeprefix("torch.")


def weight_dtypes(model: Any) -> Counter[str]:
    """Parameter count by dtype."""
    counts: Counter[str] = Counter()
    for parameter in model.parameters():
        counts[dtype_name(parameter.dtype)] += parameter.numel()
    return counts


def module_classes(model: Any, wanted: Callable[[str], bool]) -> Counter[str]:
    """Modules by class, `library.Class`, for the classes that are wanted."""
    names = (f"{type(module).__module__.split('.')[0]}.{type(module).__name__}" for module in model.modules())
    return Counter(name for name in names if wanted(name))


def operators_of(forward: Callable[[], Any], also: tuple[str, ...] = ()) -> Counter[str]:
    """Multiplications and attention kernels that `forward` dispatches, as `operator(dtypes)`.

    `also`: parts of the names of further operators to count.
    """
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode

    counts: Counter[str] = Counter()

    class Census(TorchDispatchMode):  # type: ignore[misc] # torch is not where types are checked
        def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            del types
            name = str(function._schema.name).removeprefix("aten::")
            if any(word in name for word in (*_COUNTED, *also)):
                dtypes = ", ".join(dtype_name(value.dtype) for value in args if isinstance(value, torch.Tensor))
                counts[f"{name}({dtypes})"] += 1
            return function(*args, **(kwargs or {}))

    # Not inference mode: there, composite operators are seen whole, and not the kernel that they choose.
    with torch.no_grad(), Census():
        forward()
    return counts


def census_text(counts: Counter[str]) -> str:
    """`9 x mm(float32, float32); ...`, the most frequent first."""
    return "; ".join(f"{count} x {name}" for name, count in counts.most_common())
