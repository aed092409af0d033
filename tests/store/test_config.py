"""Settings are read once, and what is wrong with them is told where it was given."""

import logging

import pytest

from store.config import ConfigError, load_config


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path):
    import os

    for name in [name for name in os.environ if name.startswith("TEALEAVES_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def wrong() -> list[str]:
    with pytest.raises(ConfigError) as told:
        load_config()
    return str(told.value).splitlines()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIMEZONE", "Asia/Peking"),
        ("TIMEZONE", "../../etc/passwd"),
        ("TIMEZONE", ""),
        ("SMTP_URL", "mail.example.org:25"),
        ("SMTP_URL", "http://mail.example.org"),
        ("SMTP_URL", "smtp://:secret@:25"),
        ("SMTP_URL", "smtp://host:99999"),
        ("MAIL_TO", "analyst@example.org, nobody"),
        ("MAIL_FROM", "me"),
        ("PUBLIC_URL", "desk.example.org"),
        ("DIGEST_AT", "7:00"),
        ("DIGEST_AT", "24:00"),
        ("DESK_PORT", "70000"),
    ],
)
def test_a_value_that_cannot_work_is_refused_at_once(name, value, monkeypatch):
    monkeypatch.setenv(f"TEALEAVES_{name}", value)

    (line,) = wrong()

    assert line.startswith(f"TEALEAVES_{name}: ")
    assert "Value error" not in line


def test_all_that_is_wrong_is_told_at_once_and_no_password_with_it(monkeypatch):
    for name, value in (("TIMEZONE", "Mars"), ("SMTP_URL", "stmp://me:geheim@host"), ("PUBLIC_URL", "x")):
        monkeypatch.setenv(f"TEALEAVES_{name}", value)

    lines = wrong()

    assert len(lines) == 3
    assert "geheim" not in "".join(lines)


def test_an_error_in_the_file_names_the_file_the_line_and_the_key(nothing_set):
    (nothing_set / "tealeaves.toml").write_text(
        '# ours\nmail_to = "a@example.org"\n\ndesk_port = "many"\n', encoding="utf-8"
    )

    (line,) = wrong()

    assert line.startswith("tealeaves.toml:4: desk_port: ")


def test_an_unknown_key_of_the_file_is_refused_with_the_key_that_may_be_meant(nothing_set):
    (nothing_set / "tealeaves.toml").write_text('timezone = "UTC"\nkeyword = "mine.yml"\n', encoding="utf-8")

    assert wrong() == ["tealeaves.toml:2: keyword: is no setting; is keywords meant?"]


def test_a_bad_variable_that_stands_before_a_good_key_of_the_file_is_named_as_a_variable(nothing_set, monkeypatch):
    (nothing_set / "tealeaves.toml").write_text("desk_port = 8000\n", encoding="utf-8")
    monkeypatch.setenv("TEALEAVES_DESK_PORT", "many")

    (line,) = wrong()

    assert line.startswith("TEALEAVES_DESK_PORT: ")


def test_an_unknown_variable_with_our_prefix_is_a_warning_with_the_name_that_may_be_meant(monkeypatch, caplog):
    monkeypatch.setenv("TEALEAVES_KEYWORD", "mine.yml")
    monkeypatch.setenv("TEALEAVES_TIMEZONE", "Europe/Berlin")

    with caplog.at_level(logging.WARNING):
        config = load_config()

    assert config.timezone == "Europe/Berlin"
    assert caplog.messages == ["TEALEAVES_KEYWORD is no setting and is ignored; is TEALEAVES_KEYWORDS meant?"]


def test_an_empty_mail_server_is_none(monkeypatch):
    monkeypatch.setenv("TEALEAVES_SMTP_URL", "")

    assert load_config().smtp_url is None


def test_good_values_of_every_kind_are_taken(monkeypatch):
    good = {
        "SMTP_URL": "smtps://me:p%40ss@mail.example.org:465",
        "MAIL_TO": "a@example.org; b@example.org c@example.org",
        "PUBLIC_URL": "https://desk.example.org/",
        "TIMEZONE": "America/New_York",
        "DIGEST_AT": "23:59",
    }
    for name, value in good.items():
        monkeypatch.setenv(f"TEALEAVES_{name}", value)

    config = load_config()

    assert (config.public_url, config.timezone, config.digest_at) == (good["PUBLIC_URL"], good["TIMEZONE"], "23:59")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o620])
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('smtp_url = "smtp://me:secret@mail.example.org:587"', "smtp_url"),
        ('database_url = "postgresql://me:secret@db/tealeaves"', "database_url"),
        ('notify = "tgram://token/room"', "notify"),
    ],
)
def test_a_file_of_settings_that_shows_a_password_to_others_is_refused(nothing_set, mode, line, name):
    file = nothing_set / "tealeaves.toml"
    file.write_text(line, encoding="utf-8")
    file.chmod(mode)

    told = "\n".join(wrong())

    assert f"({name}): chmod 600 tealeaves.toml" in told
    assert "secret" not in told and "token" not in told


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ('smtp_url = "smtp://me:secret@mail.example.org:587"', 0o600),
        ('smtp_url = "smtp://mail.example.org:25"', 0o644),
        ('digest_at = "08:00"', 0o664),
    ],
)
def test_a_file_of_settings_without_open_passwords_is_read(nothing_set, line, mode):
    file = nothing_set / "tealeaves.toml"
    file.write_text(line, encoding="utf-8")
    file.chmod(mode)

    assert load_config().model_fields_set == {line.partition(" ")[0]}
