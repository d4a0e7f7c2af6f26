"""A mail server that takes its time with every single mail is no daemon that hangs: all is well meanwhile."""

import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from notify.server import MailServer
from processes import health, started, until

from faults.installation import Installation
from planner.core.localtime import instant
from planner.core.model import MessageKind
from planner.store.database import Database
from planner.store.queries import businesses, outbox

pytestmark = pytest.mark.full
MAILS, SECONDS = 60, 3.0
DUE = datetime(2026, 11, 30, 13)  # nothing else is owed on that Monday


def owe(installation: Installation) -> None:
    """Sixty mails that are due when the planner is started."""
    database = Database(installation.address)
    with database.write() as tx:
        first = businesses.every(tx)[0]
        due = instant(DUE, first.timezone)
        for number in range(MAILS):
            outbox.add(
                tx, key=f"test:{first.id}:{number}", kind=MessageKind.TEST.value, business_id=first.id,
                recipient=first.email, local_date=DUE.date(), due_at=due, expires_at=due + timedelta(hours=12),
                next_try_at=due, state="pending", created_at=due,
            )  # fmt: skip
    database.close()


@pytest.mark.long
@pytest.mark.parametrize("database_address", ["wal", "postgresql"], indirect=True)
def test_a_server_that_takes_seconds_for_every_mail(
    installation: Installation, server: MailServer, tmp_path: Path
) -> None:
    """Three seconds each for sixty mails: three minutes in one tick that should come round every ten seconds."""

    def slowly() -> str:
        time.sleep(SECONDS)
        return "250 at last"

    owe(installation)
    server.script["end"] = [slowly] * MAILS
    answers: list[tuple[float, int, object]] = []
    over = threading.Event()
    settings = installation.settings
    with started(tmp_path / "home", "--now", f"{DUE:%Y-%m-%dT%H:%M}", **settings) as (process, port):
        until(lambda: health(port)[0] == 200)
        begun = time.monotonic()

        def ask() -> None:
            while not over.wait(0.5):
                answers.append((time.monotonic() - begun, *health(port)))

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            until(lambda: len(server.taken) >= MAILS, MAILS * SECONDS * 3)
        finally:
            over.set()
            asking.join()
        assert process.poll() is None
    assert time.monotonic() - begun >= MAILS * SECONDS
    assert len(answers) > MAILS
    assert [answer for answer in answers if answer[1] != 200] == []
    assert len(server.taken) == MAILS
