"""Entry of a worker process for Python engines: `python -m hayasa_worker ENGINE`, the controller on descriptor 3."""

import importlib
import os
import sys
import threading
import time

from hayasa_worker.answering import Answering
from hayasa_worker.answers import Bye, Failed, Failure, Progress, Ready, Tokens
from hayasa_worker.channel import Channel, open_channel
from hayasa_worker.control import HANDSHAKE_ID, Control
from hayasa_worker.engine import Context, Engine
from hayasa_worker.environment_facts import environment_facts
from hayasa_worker.failures import failure_of
from hayasa_worker.frames import PROTOCOL_VERSION, GenerateRequest


def main(name: str) -> None:
    """Serves requests until `shutdown`, or until the controller is gone."""
    origin_ns = time.perf_counter_ns()
    channel = open_channel()
    hello = threading.Event()
    control = Control(channel, name, hello.set)
    control.start()
    try:
        engine = load_engine(name)
        versions = dict(engine.versions())
    except BaseException as error:  # whatever the module raises is why it did not start
        failure = failure_of(error)
        hello.wait()
        start = Failure(failure.cause, f"the engine's module did not start: {failure.message}", failure.hint)
        channel.send(Failed("failed", HANDSHAKE_ID, start))
        leave(1)
    hello.wait()
    channel.send(Ready("ready", PROTOCOL_VERSION, name, os.getpid(), str(origin_ns), versions, environment_facts()))
    serve(engine, channel, control, origin_ns)
    channel.send(Bye("bye", environment_facts()))
    leave(0)


def load_engine(name: str) -> Engine:
    """The engine of the file `engines/<id>.py`; `-` is `_` there.

    Raises:
        ModuleNotFoundError: where there is no such file.
    """
    module_name = name.replace("-", "_")
    engine: Engine = importlib.import_module(f"hayasa_worker.engines.{module_name}").create_engine()
    return engine


def serve(engine: Engine, channel: Channel, control: Control, origin_ns: int) -> None:
    """Answers requests one at a time, in the order of arrival."""
    answering = Answering(engine)
    while (request := control.requests.get()) is not None:
        request_id = request.id
        is_watched = isinstance(request, GenerateRequest) and request.stream
        context = Context(
            now_ns=lambda: time.perf_counter_ns() - origin_ns,
            cancelled=lambda: control.stop_reason() is not None,
            progress=lambda stage, fraction: channel.send(
                Progress("progress", request_id, stage, fraction)  # noqa: B023 - called within this round only
            ),
            emit=(lambda sequence, token: channel.send(Tokens("tokens", request_id, [[sequence, token]])))  # noqa: B023
            if is_watched
            else None,
        )
        answer = answering.answer(request, context, control.stop_reason)
        control.finished()
        channel.send(answer)
    try:
        answering.unload()
    except Exception as error:  # it ends anyway, and the controller sweeps what is left
        print(f"unload: {error}", file=sys.stderr)


def leave(code: int) -> None:
    """Ends the process without running what libraries registered for exit: some abort there."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
