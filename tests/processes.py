"""Running planners, and waiting for what they do."""

import json
import os
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import forked


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def started(home: Path, *words: str, **environ: str) -> Iterator[tuple[forked.Process, int]]:
    """A running ``planner start`` and its port; killed at the end if it is still there. It logs into ``log``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
    port = free_port()
    command = ["--home", str(home), *words, "start", "--host", "127.0.0.1", "--port", str(port)]
    process = forked.start(command, {**kept, "PLANNER_LANGUAGE": "en", **environ}, errors=home.parent / "log")
    try:
        yield process, port
    finally:
        process.kill()
        process.wait()


def health(port: int) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
    except OSError:
        return 0, None


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that another process does."""
    pause, end = threading.Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        pause.wait(0.05)
