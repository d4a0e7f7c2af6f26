"""The daemon as a process: its scheduler, the page beside it, the watch over both, and an orderly end.

Stopping happens in order: no new mail, the one in hand finished, page closed, database closed.
"""

import gc
import logging
import os
import signal
import socket
import threading
from datetime import UTC, datetime
from typing import Any, Final

from planner.daemon import Daemon, transport_of
from planner.listening import serve_page
from planner.supervisor import tell
from planner.ticks import every
from planner.web.installation import Installation
from planner.web.site import Site

log = logging.getLogger("planner.daemon")

STOP_WITHIN: Final = 10.0
HUNG: Final = 70


def serve(daemon: Daemon, listener: socket.socket) -> int:
    """Run until told to stop by SIGTERM or SIGINT; the process's exit code."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: daemon.stopping.set())
    scheduler = _scheduler(daemon)
    daemon.expect_beats()
    server, thread = serve_page(listener, _site(daemon), daemon.settings.proxies, daemon.stopping)
    gc.collect()
    gc.freeze()  # what is loaded by now stays to the end: no need to look at it again and again
    scheduler.start()
    tell("READY=1", os.environ)
    try:
        code = watch(daemon, scheduler)
    finally:
        stuck = _stop(daemon, scheduler, server, thread)
    if stuck:  # the interpreter would wait for its thread
        logging.shutdown()
        os._exit(code)
    return code


def _scheduler(daemon: Daemon) -> Any:
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(timezone=UTC)
    for tick in daemon.ticks():
        daemon.pulse.hear(tick.name)
        scheduler.add_job(
            daemon.run_tick, every(tick.seconds), [tick], id=tick.name, next_run_time=datetime.now(UTC),
            coalesce=True, max_instances=1, misfire_grace_time=None,
        )  # fmt: skip
    return scheduler


def _site(daemon: Daemon) -> Site:
    folder = daemon.settings.mail_folder
    installation = Installation(daemon.settings, transport_of, daemon.adopt)
    where = str(folder) if folder else None
    return Site(daemon.database, daemon.links, daemon.texts, daemon.clock, where, installation)


def watch(daemon: Daemon, scheduler: Any) -> int:
    """Wait for the signal. A tick that failed or is late is woken; one that never comes back ends the process."""

    def wake(name: str) -> None:
        scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    while not daemon.stopping.wait(1.0):
        tell("WATCHDOG=1", os.environ)
        if daemon.pulse.look(daemon.ticks(), wake):
            return HUNG
    return 0


def _stop(daemon: Daemon, scheduler: Any, server: Any, thread: threading.Thread) -> bool:
    """In order: ticks, page, database. True if a tick is stuck; its mail is left to the reaper."""
    daemon.stopping.set()
    tell("STOPPING=1", os.environ)
    log.info("stopping")
    closer = threading.Thread(target=scheduler.shutdown, daemon=True)
    closer.start()
    closer.join(STOP_WITHIN - 4)
    server.close()
    server.task_dispatcher.shutdown(cancel_pending=True, timeout=2)
    thread.join(1)
    daemon.database.close()
    if closer.is_alive():
        log.warning("a tick is stuck; leaving without it")
    return closer.is_alive()
