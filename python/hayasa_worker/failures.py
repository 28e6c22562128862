"""Anything that an engine raises, as the failure that the journal records."""

import errno
import re

from hayasa_worker.answers import Failure, FailureCause

_OUT_OF_MEMORY = re.compile(
    r"out of memory|bad_alloc|can(?:no|')t allocate|failed to allocate|allocation failed|not enough memory|\bENOMEM\b",
    re.IGNORECASE,
)
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EROFS})
_SMALLER = "use a smaller batch, a shorter context or fewer bits"


class FailureError(Exception):
    """Carries a failure through a raise; the frame `failed` carries it out."""

    def __init__(self, cause: FailureCause, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.failure = Failure(cause, message, hint)


def unsupported(message: str, hint: str | None = None) -> FailureError:
    """What was asked for cannot be had from this engine."""
    return FailureError("unsupported", message, hint)


def failure_of(error: BaseException) -> Failure:
    """The failure that `error` stands for."""
    if isinstance(error, FailureError):
        return error.failure
    text = f"{type(error).__name__}: {error}".removesuffix(": ")
    if isinstance(error, MemoryError) or _OUT_OF_MEMORY.search(text):
        return Failure("out-of-memory", text, _SMALLER)
    if isinstance(error, OSError) and error.errno in _DISK:
        return Failure("disk", text)
    return Failure("engine-error", text)
