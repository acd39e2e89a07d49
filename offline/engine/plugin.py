"""How a plugin process serves the engine: its port on stdout, gRPC there, quiet at the engine's interrupt."""

import signal
from collections.abc import Callable, Sequence
from concurrent import futures

import grpc


def serve(
    register: Callable[[grpc.Server], None], interceptors: Sequence[grpc.ServerInterceptor] = ()
) -> None:
    """Serve what `register` adds to the server until the engine interrupts, which ends running calls."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), interceptors=interceptors)
    register(server)
    port = server.add_insecure_port("127.0.0.1:0")
    signal.signal(signal.SIGINT, lambda *_: server.stop(grace=None))
    server.start()
    print(port, flush=True)  # noqa: T201 - the protocol's greeting
    server.wait_for_termination()
