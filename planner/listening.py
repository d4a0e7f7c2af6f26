"""The page on its port: taking the port, and serving the app on it in a thread beside the daemon's ticks."""

import errno
import os
import socket
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from planner.errors import CannotListen, PortInUse

if TYPE_CHECKING:
    from planner.web.proxies import Network
    from planner.web.site import Site

MOST_HEADER_BYTES: Final = 32 * 1024


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises PortInUse when somebody else has the port, CannotListen for anything else."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(port=port) from error
        raise CannotListen(host=host, port=port, reason=error.strerror or error) from error
    return listener


def serve_page(
    listener: socket.socket, site: "Site", proxies: "Sequence[Network]", stopping: threading.Event
) -> tuple[Any, threading.Thread]:
    """Waitress on a listening socket, and its thread, which runs until the server is closed."""
    from waitress.server import create_server

    from planner.web import MOST_BYTES, create_app
    from planner.web.punctual import MOST_OPEN, Punctual

    server = create_server(
        create_app(site, proxies), sockets=[listener], threads=8, ident=None,
        clear_untrusted_proxy_headers=False,  # the app does, which knows networks
        max_request_body_size=MOST_BYTES,  # else it would take a gigabyte before the app says no
        max_request_header_size=MOST_HEADER_BYTES,
        connection_limit=2 * MOST_OPEN,
    )  # fmt: skip
    server.channel_class = Punctual
    thread = threading.Thread(target=_run, args=[server, stopping], name="web", daemon=True)
    thread.start()
    return server, thread


def _run(server: Any, stopping: threading.Event) -> None:
    try:
        server.run()
    except OSError:  # its sockets are closed from outside when all ends
        if not stopping.is_set():
            raise
