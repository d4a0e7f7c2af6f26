"""A dead man's switch outside, told that all is well: one request, of which nothing but the status is read.

A server that drips is within every single time-out of a socket, so a timer cuts the line when all of it takes too long.
"""

import contextlib
import socket
import threading
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, NoReturn
from urllib.error import URLError
from urllib.request import FTPHandler, HTTPHandler, HTTPSHandler, Request, build_opener


class PingFailed(Exception):
    """It did not get through; ``reason`` is a word or two without the address, which may be a secret."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class _Lines:
    """The connections of one request, redirections and all, until they are cut."""

    def __init__(self) -> None:
        self._made: list[HTTPConnection] = []
        self.are_cut = False

    def of(self, kind: type[HTTPConnection]) -> Callable[..., HTTPConnection]:
        """How a connection of a kind is made. Raises TimeoutError once they are cut."""

        def make(*given: Any, **named: Any) -> HTTPConnection:
            if self.are_cut:
                raise TimeoutError
            self._made.append(kind(*given, **named))
            return self._made[-1]

        return make

    def cut(self) -> None:
        """End whatever is being waited for."""
        self.are_cut = True
        for connection in self._made:
            if (sock := connection.sock) is not None:
                with contextlib.suppress(OSError):  # closed meanwhile
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)  # SSLSocket's own would pull TLS from under a reader


def ping(address: str, seconds: float) -> bool:
    """Whether the switch took it, asked within so many seconds in all. Raises PingFailed."""
    lines = _Lines()

    class Plain(HTTPHandler):
        def http_open(self, request: Request) -> HTTPResponse:
            return self.do_open(lines.of(HTTPConnection), request)

    class Secure(HTTPSHandler):
        def https_open(self, request: Request) -> HTTPResponse:
            return self.do_open(lines.of(HTTPSConnection), request)

    class Nowhere(FTPHandler):
        """A redirection may lead there, to a line that nothing here could cut."""

        def ftp_open(self, request: Request) -> NoReturn:
            raise URLError(request.type)

    timer = threading.Timer(seconds, lines.cut)
    timer.daemon = True
    timer.start()
    try:
        with build_opener(Plain, Secure, Nowhere).open(address, timeout=seconds) as answer:
            if lines.are_cut:  # headers that end with the line count as whole
                raise TimeoutError
            return bool(answer.status < 400)
    except (OSError, ValueError, HTTPException) as error:
        raise PingFailed("TimeoutError" if lines.are_cut else type(error).__name__) from error
    finally:
        timer.cancel()
