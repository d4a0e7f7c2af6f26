"""Settings: where a value comes from, what is refused, and that a file written is the file read."""

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner import config
from planner.errors import BadSetting, HomeNotWritable


def test_command_line_before_environment_before_file_before_default(tmp_path: Path) -> None:
    config.write(tmp_path, {"host": "file.example", "port": 1111, "smtp_host": "file.example"})
    environ = {"PLANNER_HOST": "environ.example", "PLANNER_PORT": "2222"}
    found = config.load(environ, tmp_path, host="given.example")
    assert (found.host, found.port, found.smtp_host, found.base_url) == ("given.example", 2222, "file.example", "")
    assert [found.origins[name] for name in ("host", "port", "smtp_host", "base_url")] == [
        "command line", "PLANNER_PORT", "settings.toml", "default",
    ]  # fmt: skip


def test_defaults_of_an_empty_home(tmp_path: Path) -> None:
    found = config.load({}, tmp_path / "home")
    assert found.database_url == f"sqlite:///{tmp_path / 'home' / 'planner.db'}"
    assert (found.host, found.port, found.mail_folder) == ("0.0.0.0", 8420, tmp_path / "home" / "mail")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"base_url": "https://plan.example.org/"}, "https://plan.example.org"),
        ({"host": "127.0.0.1", "port": 1234}, "http://127.0.0.1:1234"),
        ({"host": "::1"}, "http://[::1]:8420"),
    ],
)
def test_the_address_of_the_page(given: dict[str, object], address: str, tmp_path: Path) -> None:
    assert config.load({}, tmp_path, **given).address == address


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("starttls", 587)])
def test_the_port_of_the_mail_server(security: str, port: int, tmp_path: Path) -> None:
    assert config.load({"PLANNER_SMTP_SECURITY": security}, tmp_path).smtp_port == port


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "many"), ("port", "-1"), ("port", "65536"), ("port", "²"), ("smtp_security", "ssl"),
        ("base_url", "plan.example.org"), ("database_url", "mysql://h/x"), ("database_url", "planner.db"),
        ("smtp_password_file", "/nowhere/at/all"), ("trusted_proxies", "*"), ("trusted_proxies", "proxy.example.org"),
        ("trusted_proxies", "0.0.0.0/0"), ("trusted_proxies", "10.0.0.1, ::/0"), ("trusted_proxies", "10.0.0.1/8"),
        ("smtp_password_file", "a\0b"), ("port", "9" * 5000),
        ("base_url", "http://["), ("base_url", "https://bäckerei.example"), ("base_url", "https://x.example\nBcc: b"),
        ("base_url", "https://"), ("ping_url", "http://x:port/"), ("smtp_host", "mail..example"),
        ("smtp_host", "x" * 64 + ".example"), ("secret_key", " , "), ("mail_from", "\udcff <a@example.org>"),
        ("smtp_password", "\udcff"), ("mail_from", "x" * 3000),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_name(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as refused:
        config.load({f"PLANNER_{name.upper()}": value}, tmp_path)
    assert refused.value.values["name"] == name


def test_plain_text_to_a_mail_server_only_on_this_computer(tmp_path: Path) -> None:
    config.load({"PLANNER_SMTP_HOST": "127.0.0.1", "PLANNER_SMTP_SECURITY": "none"}, tmp_path)
    with pytest.raises(BadSetting):
        config.load({"PLANNER_SMTP_HOST": "127.0.0.1.example.org", "PLANNER_SMTP_SECURITY": "none"}, tmp_path)


@pytest.mark.parametrize(
    "text",
    ["host = ", "hsot = 'x'", "\xff", "a = " + "[" * 3000, "port = " + "9" * 5000, "port = 0x" + "f" * 5000,
     "host = ['x']", "smtp_user = 5", "port = true", "port = 8420.0", "# " + "long " * 4000],
)  # fmt: skip
def test_a_broken_settings_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(BadSetting):
        config.load({}, tmp_path)


def test_a_password_whose_name_was_mistyped_is_not_said(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('smtp_pasword = "s3cret"\n', encoding="utf-8")
    with pytest.raises(BadSetting) as refused:
        config.load({}, tmp_path)
    assert "smtp_pasword" in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_a_password_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("s3cret\n", encoding="utf-8")
    found = config.load({"PLANNER_SMTP_PASSWORD_FILE": str(tmp_path / "password")}, tmp_path)
    assert found.smtp_password == "s3cret"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(password=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_whatever_is_written_is_read(password: str, tmp_path: Path) -> None:
    config.write(tmp_path, {"smtp_password": password})
    assert config.load({}, tmp_path).smtp_password == password
    assert (tmp_path / "settings.toml").stat().st_mode & 0o777 == 0o600


def test_writing_one_setting_keeps_the_others(tmp_path: Path) -> None:
    config.write(tmp_path, {"smtp_host": "a.example", "smtp_user": "u"})
    config.write(tmp_path, {"smtp_host": "b.example", "smtp_user": ""})
    found = config.load({}, tmp_path)
    assert (found.smtp_host, found.smtp_user) == ("b.example", "u")


def test_changing_settings_takes_empty_ones_out(tmp_path: Path) -> None:
    config.write(tmp_path, {"host": "127.0.0.1", "smtp_host": "old.example", "smtp_user": "chef"})
    planned = config.planned(tmp_path, {}, {"smtp_host": "new.example", "smtp_user": ""})
    assert (planned.smtp_host, planned.smtp_user) == ("new.example", "")
    assert config.load({}, tmp_path).smtp_host == "old.example"  # planned is not kept
    assert config.change(tmp_path, {}, {"smtp_host": "new.example", "smtp_user": ""}) == planned
    assert config.load({}, tmp_path) == planned
    assert planned.host == "127.0.0.1"
    with pytest.raises(BadSetting):
        config.change(tmp_path, {}, {"smtp_security": "none"})
    assert config.load({}, tmp_path) == planned  # refused before anything was written


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    [key] = config.load({}, tmp_path).keys()
    assert len(key) >= 43
    assert config.load({}, tmp_path).keys() == (key,)
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def _key(home: Path) -> tuple[str, ...]:
    return config.load({}, home).keys()


def test_planners_that_start_at_once_agree_on_a_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = set(pool.map(_key, [tmp_path] * 16, chunksize=1))
    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


def test_several_keys_for_changing_one(tmp_path: Path) -> None:
    assert config.load({"PLANNER_SECRET_KEY": "new, old"}, tmp_path).keys() == ("new", "old")


def test_a_home_in_the_way_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeNotWritable):
        config.make_home(tmp_path / "file")


def test_a_typo_does_not_show_the_secret(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("smtp_pasword = 's3cret'", encoding="utf-8")
    with pytest.raises(BadSetting, match="smtp_pasword") as refused:
        config.load({}, tmp_path)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe", b"x" * 20_000])
def test_a_key_file_that_holds_no_key(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(BadSetting, match="secret_key"):
        config.load({}, tmp_path).keys()


@pytest.mark.parametrize("content", [b"\xff\xfep", b"x" * 20_000])
def test_a_password_file_that_holds_no_password(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(content)
    with pytest.raises(BadSetting, match="smtp_password_file"):
        config.load({"PLANNER_SMTP_PASSWORD_FILE": str(tmp_path / "password")}, tmp_path)


WORTH_TRYING = st.sampled_from([
    "8420", "http://", "https://x.example/a", "http://[::1]:80", "sqlite:///", "postgresql://h/x", "tls", "none",
    "localhost", "127.0.0.1", "smtp.example.org", "Planner <p@example.org>", ",", "/dev/null", "0x1F", "١",
])  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    name=st.sampled_from([setting.environ for setting in config.SETTINGS]),
    value=WORTH_TRYING | st.text(max_size=40) | st.text(st.characters(categories=["Cs", "Cc"]), max_size=3),
)
def test_any_value_in_the_environment_is_taken_or_refused_by_name(name: str, value: str, tmp_path: Path) -> None:
    try:
        found = config.load({name: value, "PLANNER_HOST": "127.0.0.1"} if value else {name: value}, tmp_path)
        assert found.keys()
        found.address.encode("ascii")
        assert 0 <= found.port <= 65_535
        assert 0 < found.smtp_port <= 65_535
    except BadSetting as refused:
        assert f"PLANNER_{str(refused.values['name']).upper()}" in (name, "PLANNER_SMTP_SECURITY")
