"""Every setting: its name, default, help, and where its value came from.

Looked for in this order: the command line, the environment (``PLANNER_<NAME>``), ``settings.toml`` in the home,
the default. The key that signs links lies in a file of its own. ``planner config`` prints all of it, secrets masked.
"""

import json
import os
import re
import secrets
import socket
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from planner import resources
from planner.errors import BadSetting, HomeNotWritable
from planner.language import N_

DEFAULT_PORT: Final = 8420
DATABASES: Final = ("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")
KEY_FILE: Final = "secret.key"
SETTINGS_FILE: Final = "settings.toml"
LONGEST: Final = 2000
MAIL: Final = (
    "mail_from", "smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password", "smtp_password_file",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it is documented; ``secret`` ones are never printed."""

    name: str
    default: Any
    help: str
    secret: bool = False

    @property
    def environ(self) -> str:
        """The name of its environment variable."""
        return f"PLANNER_{self.name.upper()}"


SETTINGS: Final = (
    Setting("database_url", "", N_("Where the data is; empty for the file planner.db in the home."), secret=True),
    Setting("host", "0.0.0.0", N_("On which address the page listens; 127.0.0.1 for this computer alone.")),  # noqa: S104
    Setting("port", DEFAULT_PORT, N_("On which port the page listens.")),
    Setting("base_url", "", N_("How the page is reached, for links in mails; empty for this computer's address.")),
    Setting("trusted_proxies", "", N_("Proxies whose word about visitors counts, like 127.0.0.1, 10.0.0.0/8.")),
    Setting("mail_from", "", N_("The sender of mails, like “Planner <planner@example.org>”.")),
    Setting("smtp_host", "", N_("The mail server; empty to write mails into the folder mail in the home.")),
    Setting("smtp_port", 0, N_("Its port; 0 for 465 with TLS and 587 with STARTTLS.")),
    Setting("smtp_security", "starttls", N_("tls, starttls, or none (only for a server on this computer).")),
    Setting("smtp_user", "", N_("The user name at the mail server.")),
    Setting("smtp_password", "", N_("The password at the mail server."), secret=True),
    Setting("smtp_password_file", "", N_("A file that holds that password.")),
    Setting(
        "ping_url", "", N_("An address asked every minute while all is well, for a dead man's switch."), secret=True
    ),
    Setting("secret_key", "", N_("What signs links; empty for the key file in the home."), secret=True),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force; ``origins`` says of each where it came from."""

    home: Path
    database_url: str
    host: str
    port: int
    base_url: str
    trusted_proxies: str
    mail_from: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    smtp_user: str
    smtp_password: str
    smtp_password_file: str
    ping_url: str
    secret_key: str
    origins: Mapping[str, str]

    @property
    def given(self) -> dict[str, Any]:
        """What neither stands in the home's file nor is a default: of this call's words and its environment."""
        return {name: getattr(self, name) for name, origin in self.origins.items()
                if origin not in ("default", SETTINGS_FILE)}  # fmt: skip

    @property
    def mail_folder(self) -> Path | None:
        """Where mails become files; None when there is a mail server."""
        return None if self.smtp_host else self.home / "mail"

    @property
    def address(self) -> str:
        """How the page is reached, without a slash at the end."""
        return self.base_url.rstrip("/") or f"http://{_own_address(self.host)}:{self.port}"

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of the proxies that are listed."""
        return tuple(ip_network(part.strip()) for part in self.trusted_proxies.split(",") if part.strip())

    @property
    def sender(self) -> str:
        """The sender of mails."""
        if self.mail_from:
            return self.mail_from
        return f"Planner <{self.smtp_user}>" if "@" in self.smtp_user else "Planner <planner@planner.invalid>"

    def keys(self) -> tuple[str, ...]:
        """The keys that sign links, the newest first; the key file is made at the first call."""
        if self.secret_key:
            return tuple(key.strip() for key in self.secret_key.split(",") if key.strip())
        file = self.home / KEY_FILE
        if not file.exists():
            make_home(self.home)
            write_private(file, secrets.token_urlsafe(48) + "\n", first=True)
        keys = tuple(_text_of(file, "secret_key").split())
        if not keys:
            raise BadSetting(name="secret_key", value=file, reason=N_("there is no key in it."))
        return keys


def home_folder(environ: Mapping[str, str], given: Path | None = None) -> Path:
    """The home: as given, else PLANNER_HOME, else where the system keeps a program's data."""
    if given is not None:
        return given
    if environ.get("PLANNER_HOME"):
        return Path(environ["PLANNER_HOME"])
    from platformdirs import user_data_path

    return user_data_path("planner", appauthor=False)


def load(environ: Mapping[str, str], home: Path | None = None, **given: Any) -> Settings:
    """The settings in force. Raises BadSetting for one that cannot be used."""
    folder = home_folder(environ, home).expanduser().absolute()
    return _in_force(folder, _stored(folder / SETTINGS_FILE), environ, given)


def planned(home: Path, environ: Mapping[str, str], values: Mapping[str, Any]) -> Settings:
    """The settings as ``change`` would make them; nothing is written. Raises BadSetting."""
    return _in_force(home, _changed(home, values), environ, {})


def change(home: Path, environ: Mapping[str, str], values: Mapping[str, Any]) -> Settings:
    """Keep settings in the home's file, those with an empty value taken out of it; what is in force then.

    Raises BadSetting before anything is written, HomeNotWritable.
    """
    stored = _changed(home, values)
    settings = _in_force(home, stored, environ, {})
    _write(home, stored)
    return settings


def _changed(home: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {**_stored(home / SETTINGS_FILE), **values}
    return {name: value for name, value in wanted.items() if value not in (None, "")}


def _in_force(
    folder: Path, stored: Mapping[str, Any], environ: Mapping[str, str], given: Mapping[str, Any]
) -> Settings:
    for name in stored.keys() - {setting.name for setting in SETTINGS}:
        # What stands there may be a password whose name was mistyped.
        raise BadSetting(name=name, value="…", reason=N_("there is no such setting. See “planner config”."))
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for setting in SETTINGS:
        value, origin = setting.default, "default"
        for where, source, key in (
            (SETTINGS_FILE, stored, setting.name),
            (setting.environ, environ, setting.environ),
            ("command line", given, setting.name),
        ):
            if source.get(key) not in (None, ""):
                value, origin = source[key], where
        values[setting.name] = _checked(setting, value)
        origins[setting.name] = origin
    return _settled(folder, values, origins)


def write(home: Path, values: Mapping[str, Any]) -> None:
    """Keep settings in the home's file, beside those that are there already."""
    kept = {name: value for name, value in values.items() if value not in (None, "")}
    _write(home, {**_stored(home / SETTINGS_FILE), **kept})


def _write(home: Path, values: Mapping[str, Any]) -> None:
    lines = ["# Settings of the planner. What each means: planner config"]
    lines += [f"{setting.name} = {_toml(values[setting.name])}" for setting in SETTINGS if setting.name in values]
    write_private(home / SETTINGS_FILE, "\n".join(lines) + "\n")


def make_home(home: Path) -> None:
    """Make the home, readable by its owner alone. Raises HomeNotWritable."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise HomeNotWritable(home=home, reason=error.strerror or error) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise HomeNotWritable(home=home, reason="permission denied")


def write_private(file: Path, text: str, *, first: bool = False) -> None:
    """Write a file whole or not at all, readable by its owner alone. Raises HomeNotWritable.

    With ``first``, one that is there by now stays: two planners that start at once agree on one key.
    """
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
        if first:
            with suppress(FileExistsError):
                os.link(part, file)
            part.unlink()
        else:
            part.replace(file)
    except OSError as error:
        raise HomeNotWritable(home=file.parent, reason=error.strerror or error) from error


def _settled(home: Path, values: dict[str, Any], origins: dict[str, str]) -> Settings:
    file = values["smtp_password_file"]
    if file and not values["smtp_password"]:
        values["smtp_password"] = _text_of(Path(file), "smtp_password_file").strip()
    values["smtp_port"] = values["smtp_port"] or (465 if values["smtp_security"] == "tls" else 587)
    if not values["database_url"]:
        values["database_url"] = f"sqlite:///{home / 'planner.db'}"
    if values["smtp_host"] and values["smtp_security"] == "none" and not _on_this_computer(values["smtp_host"]):
        reason = N_("plain text is only for a mail server on this computer; write tls or starttls.")
        raise BadSetting(name="smtp_security", value="none", reason=reason)
    return Settings(home=home, origins=origins, **values)


def _checked(setting: Setting, value: Any) -> Any:
    shown = "…" if setting.secret or not isinstance(value, str) else value[:80]
    if isinstance(setting.default, int):
        if not _is_port(value):
            raise BadSetting(name=setting.name, value=shown, reason=N_("write a whole number from 0 to 65535."))
        return int(value)
    if reason := _trouble(setting, value):
        raise BadSetting(name=setting.name, value=shown, reason=reason)
    return value


def _is_port(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch("[0-9]{1,5}", value) is not None and int(value) <= 65_535
    return type(value) is int and 0 <= value <= 65_535


def _trouble(setting: Setting, value: Any) -> str:
    """Why a setting cannot have that value; empty if it can."""
    if not isinstance(value, str):
        return N_("write it in quotes.")
    if not value:
        return ""
    password = setting.name in ("smtp_password", "secret_key")
    if len(value) > LONGEST or not (_is_text(value) if password else value.isprintable()):
        return N_("it is too long, or no text on one line.")
    match setting.name:
        case "database_url" if not value.startswith(DATABASES):
            return N_("begin with sqlite:/// or postgresql://.")
        case "smtp_security" if value not in ("tls", "starttls", "none"):
            return N_("write tls, starttls or none.")
        case "base_url" | "ping_url" if not value.startswith(("http://", "https://")):
            return N_("begin with https:// or http://.")
        case "base_url" | "ping_url" if not _is_address(value):
            return N_("write it like https://plan.example.org, a name with umlauts as xn--….")
        case "trusted_proxies" if not all(map(_is_network, value.split(","))):
            return N_("write addresses or networks, like 127.0.0.1, 10.0.0.0/8; never everybody's.")
        case "smtp_host" if not _is_host(value):
            return N_("write a name like smtp.example.org.")
        case "secret_key" if not value.replace(",", "").strip():
            return N_("there is no key in it.")
    return ""


def _is_text(value: str) -> bool:
    """Whether it can be written anywhere: the environment may hold bytes of another encoding."""
    try:
        return bool(value.encode())
    except UnicodeEncodeError:
        return False


def _is_address(value: str) -> bool:
    """Whether a mail can carry the address (RFC 3986): ASCII, with the name of a host."""
    if re.fullmatch(r"[!-~]+", value) is None or set(value) & set('<>"\\^`{|}'):
        return False
    try:
        parts = urlsplit(value)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_host(value: str) -> bool:
    """Whether it can be looked up: each part of the name has 1 to 63 letters (RFC 1035)."""
    try:
        value.encode("idna")
    except UnicodeError:
        return False
    return not any(letter.isspace() or letter in "/@" for letter in value)


def _text_of(file: Path, setting: str) -> str:
    try:
        return resources.small_text(file)
    except OSError as error:
        raise BadSetting(name=setting, value=file, reason=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise BadSetting(name=setting, value=file, reason=N_("it is not text in UTF-8; save it as that.")) from error


def _stored(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(resources.small_text(file))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise BadSetting(name=file.name, value=str(file), reason=str(error)) from error


def _toml(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _on_this_computer(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name: 127.0.0.1.example.org may be anywhere
        return False


def _is_network(text: str) -> bool:
    """Whether this is an address or a network smaller than the whole world, or nothing at all."""
    try:
        return not text.strip() or ip_network(text.strip()).prefixlen > 0
    except ValueError:
        return False


def _own_address(host: str) -> str:
    """This computer's address in its network. Connecting a UDP socket chooses a route and sends nothing."""
    if host not in ("0.0.0.0", "::", ""):  # noqa: S104
        return f"[{host}]" if ":" in host else host
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
    except OSError:
        return "127.0.0.1"
