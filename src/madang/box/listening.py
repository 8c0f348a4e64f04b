"""Start a small door behind granian: one worker, no access log, bounded waiting.

1. One worker process: whoever serves a folder serves it alone. It is started again if it dies.
2. The worker dies with its parent (Linux), so that a box killed with SIGKILL leaves no other half that holds the lock.
3. HTTP/1.1 only; a request line and headers have ten seconds and 16 KB.
"""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1


def listen(target: str, host: str, port: int, says: str) -> int:
    """Serve the factory `module:function` until it is told to stop."""
    from granian import Granian  # noqa: PLC0415 — an extra; only servers have it
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415
    from granian.http import HTTP1Settings  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    print(f"{says}: http://{host}:{port}/", flush=True)
    Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=1,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=16_384),
        backlog=1024,
        backpressure=1024,
        respawn_failed_workers=True,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()
    return 0


def die_with_parent() -> None:
    """Have the kernel end this process when the one that started it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
