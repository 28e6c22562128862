"""A generation under PyTorch's own profiler: which operators the decode steps spend their time in."""

from typing import Any

from hayasa_worker.answers import OperatorTime, Profile
from hayasa_worker.engine import Context
from hayasa_worker.failures import unsupported
from hayasa_worker.frames import GenerateRequest


class StepProfiler:
    """Watches from the end of the prefill to the last token; the time of the steps is that of the watched ones."""

    def __init__(self, request: GenerateRequest, context: Context, device: str) -> None:
        if request.batching != "static" or max(request.output_tokens) < 2:
            raise unsupported("a profile needs static batching and at least two new tokens")
        self._context = context
        self._on_device = device.startswith("cuda")
        self._profiler: Any = None
        self._start_ns = 0

    def stepped(self, steps_ns: list[int]) -> None:
        """Begins to watch after the first step, the prefill: everything from then on is decoding."""
        if len(steps_ns) != 1:
            return
        from torch.profiler import ProfilerActivity, profile

        activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if self._on_device else [])]
        self._profiler = profile(activities=activities)
        self._profiler.start()
        self._start_ns = self._context.now_ns()

    def read(self, steps_ns: list[int]) -> Profile | None:
        """Ends the watching; None where nothing was decoded. What an operator calls is not counted as its own."""
        if self._profiler is None:
            return None
        self._profiler.stop()
        if len(steps_ns) <= 1:
            return None
        field = "self_device_time_total" if self._on_device else "self_cpu_time_total"
        operators = [
            OperatorTime(event.key, event.count, round(1000 * getattr(event, field)))
            for event in self._profiler.key_averages()
            if getattr(event, field) > 0
        ]
        return Profile(
            steps=len(steps_ns) - 1,
            elapsed_ns=steps_ns[-1] - self._start_ns,
            operators=sorted(operators, key=lambda operator: -operator.time_ns),
            method="PyTorch profiler: each operator's own time"
            + (" on the device" if self._on_device else " on the thread that called it"),
        )
