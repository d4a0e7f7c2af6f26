"""Without a mail server: each mail becomes a file in a folder, to be opened with any mail program."""

import os
from hashlib import sha256
from pathlib import Path

from planner.core.retry import Failure
from planner.language import N_
from planner.notify import DeliveryFailed, Moments, Reply

_UNWRITABLE = N_("{file} cannot be written: {reason}.")


class FolderTransport:
    """Writes ``.eml`` files; a mail that comes again overwrites its own file and no other."""

    name = "folder"
    needs_address = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> "FolderTransport":
        """Make the folder. Raises DeliveryFailed if that is not possible."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise DeliveryFailed(Failure.CONFIGURATION, _UNWRITABLE, file=self.folder, reason=error.strerror) from error
        return self

    def deliver(self, sender: str, recipient: str, mime: bytes, moments: Moments) -> Reply:
        """Write one mail: whole or not at all, readable by its owner alone."""
        moments.said()
        moments.data_starts()
        file = self.folder / f"{_stamp(mime)}.eml"
        part = file.with_suffix(".part")
        try:
            with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as out:
                out.write(mime)
                out.flush()
                os.fsync(out.fileno())
            part.replace(file)
        except OSError as error:
            raise DeliveryFailed(Failure.CHANNEL, _UNWRITABLE, file=file, reason=error.strerror) from error
        return Reply(250, str(file))

    def close(self) -> None:
        """Nothing is open."""


def _stamp(mime: bytes) -> str:
    """The mail's date and a piece of its hash: sorted by day, the same for the same bytes."""
    from email.parser import BytesHeaderParser
    from email.utils import parsedate_to_datetime

    headers = BytesHeaderParser().parsebytes(mime)
    return f"{parsedate_to_datetime(headers['Date']):%Y-%m-%d-%H%M%S}-{sha256(mime).hexdigest()[:8]}"
