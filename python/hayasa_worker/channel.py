"""The controller's channel on descriptor 3, kept away from everything that an engine or its children print."""

import contextlib
import os
import threading
from typing import Any

from hayasa_worker.codec import encode

_CONTROLLER_DESCRIPTOR = 3


class Channel:
    """Frames out, from any thread; bytes in, by the control thread."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._writing = threading.Lock()

    def send(self, frame: Any) -> None:
        """Writes a whole frame. A controller that is gone is the control thread's business."""
        self.write(encode(frame))

    def write(self, data: bytes) -> None:
        """Writes an encoded frame."""
        with self._writing, contextlib.suppress(OSError):
            left = memoryview(data)
            while left:
                left = left[os.write(self.descriptor, left) :]


def open_channel() -> Channel:
    """Moves the channel to a descriptor that children do not inherit, and sends stdout where stderr goes.

    Raises:
        OSError: where there is no descriptor 3.
    """
    descriptor = os.dup(_CONTROLLER_DESCRIPTOR)
    os.close(_CONTROLLER_DESCRIPTOR)
    os.set_blocking(descriptor, True)
    os.dup2(2, 1)
    return Channel(descriptor)
