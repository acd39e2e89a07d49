"""Start-up of a function's process: AWS's own runtime client, its idea of time perhaps replaced.

Run by path, without site-packages: python -S -s -P bootstrap.py CLOCK HANDLER FOLDER...
FOLDERs, in this order, and the standard library are all that can be imported. CLOCK is empty in real time, or
the timeline's clock file: then the process sees virtual time (`time.monotonic` too), and a sleep asks the
Runtime API to let that much of it pass. Waiting in any other way (`threading.Event.wait`) takes real time.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import http.client
    from collections.abc import Callable
    from typing import SupportsIndex

LONGEST_WAIT = 900.0
"""Seconds: a function never runs longer."""


def main(clock: str, handler: str, *folders: str) -> None:
    os.environ.pop("PYTHONHASHSEED", None)
    sys.path[:0] = folders
    if clock:
        follow(clock)
    from awslambdaric.__main__ import main as serve  # noqa: PLC0415 — only now on the search path

    serve(["awslambdaric", handler])


def follow(clock: str) -> None:
    """Replace this process's time by the clock file's."""
    import http.client  # noqa: PLC0415 — a real-time process starts without all this
    import mmap  # noqa: PLC0415
    import queue  # noqa: F401, PLC0415 — keeps the real monotonic clock for its real waiting, as threading does
    import threading  # noqa: PLC0415
    import time  # noqa: PLC0415

    import time_machine  # noqa: PLC0415

    with open(clock, "rb") as file:  # noqa: PTH123 — pathlib is slow to import
        memory = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)

    def now_ns() -> int:
        return int.from_bytes(memory[:8], "little")

    time_machine.travel(0, tick=False).start().time_ns = now_ns  # type: ignore[method-assign]

    uptime = time.monotonic_ns() - now_ns()
    time.monotonic_ns = lambda: uptime + now_ns()
    time.monotonic = lambda: time.monotonic_ns() / 1e9

    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    turn = threading.Lock()

    def sleep(seconds: "float | SupportsIndex", /) -> None:
        duration = float(seconds)
        if not duration >= 0:
            raise ValueError("sleep length must be non-negative")
        with turn:
            connection.request("POST", f"/offline/sleep/{duration!r}")
            connection.getresponse().read()

    time.sleep = sleep
    obey(http.client.HTTPConnection, sleep)


def obey(connections: "type[http.client.HTTPConnection]", sleep: "Callable[[float], None]") -> None:
    """Let answers that ask for it (`x-offline-answer-after`, see offline/faults) come late, or time out."""
    get_response = connections.getresponse

    def get_response_in_time(connection: "http.client.HTTPConnection") -> "http.client.HTTPResponse":
        timeout = connection.sock.gettimeout() or LONGEST_WAIT
        response = get_response(connection)
        if seconds := float(response.headers.get("x-offline-answer-after", 0)):
            sleep(min(seconds, timeout))
            if seconds >= timeout:
                raise TimeoutError("timed out")
        return response

    connections.getresponse = get_response_in_time  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    main(*sys.argv[1:])
