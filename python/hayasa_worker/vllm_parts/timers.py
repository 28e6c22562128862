"""vLLM's own timers: the metrics of a request, which it has while it keeps statistics: only when asked."""

from typing import Any

from hayasa_worker.answers import EngineTimers


class Timers:
    """Turns the statistics on until `read`, for the requests that are added meanwhile."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._metrics: dict[str, Any] = {}
        self._keep(True)

    def take(self, output: Any) -> None:
        """An output of a step; the last one of a request has all of its times."""
        if output.metrics is not None:
            self._metrics[output.request_id] = output.metrics

    def read(self) -> EngineTimers | None:
        """Turns the statistics off. None where no request got a second token."""
        self._keep(False)
        metrics = list(self._metrics.values())
        if not metrics or any(one.last_token_ts <= one.first_token_ts for one in metrics):
            return None
        # Stamps of the engine core, taken when the tokens of a step are known, before they are made outputs.
        first, last = (max(getattr(one, name) for one in metrics) for name in ("first_token_ts", "last_token_ts"))
        return EngineTimers(
            prefill_ns=round(max(one.first_token_latency for one in metrics) * 1e9),
            decode_ns=round((last - first) * 1e9),
            method="RequestOutput.metrics: first_token_latency, and last_token_ts - first_token_ts",
        )

    def _keep(self, is_on: bool) -> None:
        self._engine.log_stats = is_on
        self._engine.output_processor.log_stats = is_on
