"""What a server was asked, and how much it answered: every request, whoever in the browser made it.

A browser's own tools show the requests of a page, and not those of its service worker or of the browser itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from playwright.sync_api import Page

QUIET_MS = 700


@dataclass(frozen=True, slots=True)
class Answered:
    """A request by its path, and the bytes of its answer: status line, headers, and body as it was sent."""

    path: str
    size: int


class Line:
    """Listens between an app and its server, from when it is made until it is closed."""

    def __init__(self, app: Flask) -> None:
        self._app, self._inside = app, app.wsgi_app
        self.answered: list[Answered] = []
        app.wsgi_app = self._listen  # type: ignore[method-assign]

    def close(self) -> None:
        """Listen no longer."""
        self._app.wsgi_app = self._inside  # type: ignore[method-assign]

    @property
    def size(self) -> int:
        """The bytes of all answers."""
        return sum(each.size for each in self.answered)

    def _listen(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        head = 0

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal head
            head = len(f"HTTP/1.1 {status}\r\n\r\n") + sum(len(f"{name}: {value}\r\n") for name, value in headers)
            return start_response(status, headers, *more)

        body = 0
        answer = self._inside(environ, start)
        try:
            for piece in answer:
                body += len(piece)
                yield piece
        finally:
            if hasattr(answer, "close"):
                answer.close()
            self.answered.append(Answered(environ["PATH_INFO"], head + body))


def first_view(line: Line, page: Page, path: str) -> list[Answered]:
    """Everything that the first look at a page costs in a window that has kept nothing, its service worker included."""
    begun = len(line.answered)
    page.goto(path, wait_until="networkidle")
    await_worker(page)
    await_kept(page)
    heard = -1
    while heard < len(line.answered):  # the browser itself may ask for the manifest after everything else
        heard = len(line.answered)
        page.wait_for_timeout(QUIET_MS)
    return line.answered[begun:]


def await_kept(page: Page) -> None:
    """Until the service worker has kept Today of the bakery, and need not fetch it any more."""
    for _ in range(100):
        if page.evaluate("caches.match('/businesses/1').then(Boolean)"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{page.url}: the service worker kept nothing")


def await_worker(page: Page) -> None:
    """Until the service worker is there, and every further request of the page goes through it."""
    for _ in range(100):
        if page.evaluate("navigator.serviceWorker.controller?.state") == "activated":
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{page.url} has no service worker")
