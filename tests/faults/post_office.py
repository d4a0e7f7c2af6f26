"""A post office on loopback: Postfix takes mails and hands them to Dovecot, which keeps them and shows them by IMAP.

Both run from a folder of their own, in the foreground, on free ports, and touch nothing of the machine's. Postfix has
three doors: plain, STARTTLS and TLS from the first byte, the latter two with a password that Dovecot checks. It offers
PIPELINING and no 8BITMIME, and Dovecot is taken for a server without it: what is not seven-bit is written anew on this
way. Mail is taken for ``example.org``, where everybody has a mailbox whose name does not begin with "nobody".
"""

import imaplib
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from notify.server import PEM

from faults.imap_answer import Fetched, fetch, selected

PASSWORD = "Süß&geheim"
SECONDS = 30
PARTS = {
    "postconf": "Postfix (package postfix)",
    "dovecot": "Dovecot (package dovecot-core)",
    "/usr/lib/dovecot/imap": "Dovecot's IMAP server (package dovecot-imapd)",
    "/usr/lib/dovecot/lmtp": "Dovecot's LMTP server (package dovecot-lmtpd)",
    "openssl": "OpenSSL's command (package openssl)",
}
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.org
mydestination =
local_recipient_maps =
alias_maps =
mynetworks =
in_flow_delay = 0
smtpd_error_sleep_time = 0
virtual_mailbox_domains = example.org
virtual_mailbox_maps = regexp:{folder}/mailboxes
virtual_transport = lmtp:unix:private/mailboxes
lmtp_discard_lhlo_keywords = 8bitmime
smtpd_discard_ehlo_keywords = 8bitmime, chunking, silent-discard
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_tls_cert_file = {folder}/localhost.pem
smtpd_tls_key_file = {folder}/localhost.pem
smtpd_tls_security_level = none
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
"""
SIGNED_IN = (
    "-o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes "
    "-o smtpd_recipient_restrictions=permit_sasl_authenticated,reject"
)
MASTER = """
127.0.0.1:{plain} inet n - n - - smtpd
127.0.0.1:{starttls} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt {signed_in}
127.0.0.1:{tls} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes {signed_in}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
DOVECOT = """
base_dir = {folder}/dovecot
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  unix_listener {folder}/queue/private/mailboxes {{
    mode = 0660
    user = postfix
  }}
}}
service auth {{
  unix_listener {folder}/queue/private/auth {{
    mode = 0660
    user = postfix
  }}
}}
"""


@dataclass(frozen=True)
class Ports:
    """Where the doors are."""

    plain: int
    starttls: int
    tls: int
    imap: int


class PostOffice:
    """A running post office."""

    def __init__(self, folder: Path, ports: Ports) -> None:
        self.folder = folder
        self.plain, self.starttls, self.tls, self.imap = ports.plain, ports.starttls, ports.tls, ports.imap
        self.port = ports.plain

    def mailbox(self, address: str, count: int = 1) -> list[Fetched]:
        """All mails of an address, once ``count`` of them are there and nothing is on its way any more."""
        with self.signed_in(address) as imap:
            until(lambda: selected(imap) >= count, f"{count} mails for {address}", self.log)
            until(self.idle, "an empty queue", self.log)
            return [fetch(imap, number) for number in range(1, selected(imap) + 1)]

    def finds(self, address: str, where: str, words: str) -> int:
        """How many mails Dovecot itself finds with words in SUBJECT, FROM or BODY."""
        with self.signed_in(address) as imap:
            selected(imap)
            imap.literal = words.encode()  # type: ignore[attr-defined]
            return len(imap.search("UTF-8", where)[1][0].split())

    @contextmanager
    def signed_in(self, address: str) -> Iterator[imaplib.IMAP4]:
        """An IMAP session of an address."""
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=SECONDS) as imap:
            imap.authenticate("PLAIN", lambda _challenge: f"\0{address}\0{PASSWORD}".encode())
            yield imap

    def accepted(self) -> Counter[str]:
        """How often Postfix took a mail, by Message-ID."""
        return Counter(re.findall(r"cleanup\[\d+\]: \w+: message-id=(<\S+>)", self.log()))

    def lines(self) -> int:
        """How many connections Postfix was asked for."""
        return len(re.findall(r"smtpd\[\d+\]: connect from", self.log()))

    def idle(self) -> bool:
        """Whether all that was taken is delivered."""
        log = self.log()
        taken = set(re.findall(r"cleanup\[\d+\]: (\w+): message-id=", log))
        return taken == set(re.findall(r"qmgr\[\d+\]: (\w+): removed", log))

    def log(self) -> str:
        """What Postfix wrote down."""
        return as_root("cat", str(self.folder / "postfix.log"))


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Opened for a while; fails with a sentence if a part is missing."""
    check_parts()
    folder = Path(tempfile.mkdtemp(prefix="planner-post-"))
    folder.chmod(0o755)  # Postfix and Dovecot lay their privileges down
    ports = Ports(*free_ports(4))
    try:
        with ExitStack() as servers:
            write_settings(folder, ports)
            as_root("postfix", "-c", str(folder / "postfix"), "check")
            servers.enter_context(dovecot(folder, ports))
            servers.enter_context(postfix(folder, ports))
            yield PostOffice(folder, ports)
    finally:
        as_root("rm", "-rf", str(folder))


def check_parts() -> None:
    """Fail with a sentence that names what is missing."""
    missing = [name for part, name in PARTS.items() if shutil.which(part, path=PATH) is None]
    if os.geteuid() != 0 and shutil.which("sudo") is None:
        missing.append("the rights of root, or sudo, without which Postfix does not start")
    assert not missing, f"There is no {', no '.join(missing)}. “make test-faults” installs what these tests need."


def write_settings(folder: Path, ports: Ports) -> None:
    """The settings of both servers, and the folders they need."""
    for name in ("postfix", "queue", "mail"):
        (folder / name).mkdir()
    (folder / "mail").chmod(0o777)
    as_root("install", "-d", "-o", "postfix", str(folder / "data"))
    shutil.copy(PEM, folder)
    nobody = pwd.getpwnam("nobody")
    values = {
        **vars(ports), "folder": folder, "signed_in": SIGNED_IN, "password": PASSWORD,
        "uid": nobody.pw_uid, "gid": nobody.pw_gid,
    }  # fmt: skip
    (folder / "mailboxes").write_text("!/^nobody/ ok\n")
    (folder / "postfix" / "main.cf").write_text(MAIN.format(**values))
    (folder / "postfix" / "master.cf").write_text(MASTER.format(**values))
    (folder / "dovecot.conf").write_text(DOVECOT.format(**values), "utf-8")


@contextmanager
def postfix(folder: Path, ports: Ports) -> Iterator[None]:
    """Postfix in the foreground, until its doors are open."""
    master = Path(as_root("postconf", "-h", "-c", str(folder / "postfix"), "daemon_directory").strip()) / "master"
    with running(folder, str(master), "-c", str(folder / "postfix"), "-d"):
        wait_for_port(ports.plain, folder, b"220 ")
        wait_for_port(ports.starttls, folder, b"220 ")
        wait_for_port(ports.tls, folder)
        yield


@contextmanager
def dovecot(folder: Path, ports: Ports) -> Iterator[None]:
    """Dovecot in the foreground, until its door is open."""
    with running(folder, "dovecot", "-F", "-c", str(folder / "dovecot.conf")):
        wait_for_port(ports.imap, folder, b"* OK ")
        yield


@contextmanager
def running(folder: Path, *words: str) -> Iterator[None]:
    """A server with the rights of root, told to stop at the end and waited for."""
    file = folder / f"{Path(words[0]).name}.out"
    with file.open("wb") as out:
        command = [*SUDO, "sh", "-c", f'echo $$ > {file}.pid; exec "$@"', "sh", *words]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=ENVIRON, start_new_session=True)
    try:
        yield
    finally:
        as_root("sh", "-c", f"kill $(cat {file}.pid)")
        process.wait(SECONDS)


SUDO = () if os.geteuid() == 0 else ("sudo", "-n")
ENVIRON = {**os.environ, "PATH": PATH}


def as_root(*words: str) -> str:
    """What a command says that needs the rights of root."""
    done = subprocess.run([*SUDO, *words], env=ENVIRON, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
    return done.stdout


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on."""
    with ExitStack() as held:
        doors = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [door.getsockname()[1] for door in doors]


def wait_for_port(port: int, folder: Path, greeting: bytes = b"") -> None:
    """Until somebody listens, and says his greeting first if one is expected."""

    def open_now() -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as probe:
            return not greeting or probe.recv(4096).startswith(greeting)
        return False

    until(open_now, f"a server on port {port}", lambda: "".join(file.read_text() for file in folder.glob("*.out")))


def until(condition: Callable[[], bool], what: str, log: Callable[[], str]) -> None:
    """Wait for something that another process does; say what its log says if it does not."""
    pause, end = threading.Event(), time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"no {what} within {SECONDS} seconds:\n{log()[-3000:]}"
        pause.wait(0.03)
