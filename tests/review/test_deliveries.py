"""Every digest reaches every recipient once; what was refused can be seen; no secret gets out."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import insert, select, update

from review.deliveries import GIVE_UP_AFTER, LEASE, deliver_due, wait_after
from review.notifiers.chat import ChatNotifier
from review.notifiers.smtp import SmtpNotifier, SmtpServer
from review.office import Office
from review.press import Press, make_digest
from store import models, queries
from store.config import Config
from store.database import reading, writing
from store.problems import Problem
from tests.review.post import PostOffice, free_port, only_with, open_post_office
from tests.review.rows import SENTENCES, Store

DAY = date(2026, 9, 2)
MORNING = datetime(2026, 9, 1, 23, 0, tzinfo=UTC)
SECRET = "k3nnw0rt-canary"


@pytest.fixture
def post() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


def notifier(port: int, url: str = "smtp://127.0.0.1:{port}") -> SmtpNotifier:
    return SmtpNotifier(SmtpServer.parse(url.format(port=port)), "tealeaves@example.org", timeout=0.7)


def digest_for(store: Store, *names: str) -> int:
    press = Press(
        "Asia/Shanghai", "http://desk", "tealeaves@example.org", tuple(f"{name}@example.org" for name in names)
    )
    return make_digest(store.engine, DAY, MORNING, press).id


def states(store: Store) -> dict[str, tuple[str, str | None]]:
    columns = (models.Delivery.recipient, models.Delivery.state, models.Delivery.error)
    with reading(store.engine) as connection:
        return {name.split("@")[0]: (state, error) for name, state, error in connection.execute(select(*columns))}


def test_the_mail_arrives_as_it_was_made(store: Store, post: PostOffice) -> None:
    store.disclosure(store.document(store.source()))
    digest_for(store, "ana")
    deliver_due(store.engine, [notifier(post.port)], MORNING)
    ((recipient, mail),) = post.taken
    assert recipient == "ana@example.org"
    assert mail["subject"] == "tealeaves 2026-09-02: 1 disclosure, 0 of 1 sources seen"
    assert mail["to"] == "ana@example.org"
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert SENTENCES[1] in plain.get_content()
    assert SENTENCES[1] in page.get_content()
    with reading(store.engine) as connection:
        assert connection.execute(select(models.Delivery.message_id)).scalar_one() == mail["message-id"]


def test_one_refusal_does_not_touch_the_others_and_each_state_is_right(store: Store, post: PostOffice) -> None:
    names = ("ana", "gone", "busy", "closing", "full", "later", "dropped", "slow", "ben")
    digest_for(store, *names)
    outcomes = deliver_due(store.engine, [notifier(post.port)], MORNING)
    assert [outcome.recipient.split("@")[0] for outcome in outcomes] == list(names)
    seen = states(store)
    assert {name: state for name, (state, _) in seen.items()} == {
        **dict.fromkeys(("ana", "ben"), "sent"),
        **dict.fromkeys(("gone", "full"), "failed"),
        **dict.fromkeys(("busy", "closing", "later", "dropped", "slow"), "waiting"),
    }
    assert seen["gone"] == ("failed", "550 5.1.1 no such person")
    assert seen["busy"] == ("waiting", "451 4.3.0 try again later")
    assert all(error for _, (state, error) in seen.items() if state != "sent")


def test_a_server_without_the_tls_that_was_asked_for_gets_no_mail(store: Store, post: PostOffice) -> None:
    digest_for(store, "ana")
    deliver_due(store.engine, [notifier(post.port, "smtp://127.0.0.1:{port}?starttls=1")], MORNING)
    assert post.taken == []
    assert states(store)["ana"][0] == "waiting"


def test_a_server_that_was_down_for_hours_gets_everything_once_and_in_order(store: Store) -> None:
    names = [f"reader{n:02}" for n in range(50)]
    digest_for(store, *names)
    port, now = free_port(), MORNING
    tries = 0
    while now < MORNING + timedelta(hours=3):
        tries += len(deliver_due(store.engine, [notifier(port)], now))
        now += timedelta(minutes=5)
    assert tries == 36  # one try a round, not one for each recipient
    now = MORNING + timedelta(hours=4, minutes=1)
    with open_post_office(port) as office:
        deliver_due(store.engine, [notifier(port)], now)
        deliver_due(store.engine, [notifier(port)], now + timedelta(hours=2))
        assert office.recipients == [f"{name}@example.org" for name in names]
    assert {state for state, _ in states(store).values()} == {"sent"}


def test_the_wait_doubles_up_to_an_hour() -> None:
    assert [wait_after(n) // timedelta(minutes=1) for n in (1, 2, 3, 6, 7, 99)] == [1, 2, 4, 32, 60, 60]


def test_after_two_days_a_mail_is_given_up_and_said_to_be(store: Store) -> None:
    digest_for(store, "ana")
    deliver_due(store.engine, [notifier(free_port())], MORNING)
    assert states(store)["ana"][0] == "waiting"
    deliver_due(store.engine, [notifier(free_port())], MORNING + GIVE_UP_AFTER + timedelta(hours=1))
    assert states(store)["ana"][0] == "failed"
    with reading(store.engine) as connection:
        assert queries.digest_to_deliver(connection, MORNING + timedelta(days=9)) is None


def test_a_mail_whose_sender_died_is_sent_again_under_the_same_id(store: Store, post: PostOffice) -> None:
    digest_for(store, "ana")
    with writing(store.engine) as connection:
        connection.execute(update(models.Delivery).values(state="sending", attempts=1, next_try_at=MORNING + LEASE))
        mark = connection.execute(select(models.Delivery.message_id)).scalar_one()
    assert deliver_due(store.engine, [notifier(post.port)], MORNING) == []
    deliver_due(store.engine, [notifier(post.port)], MORNING + LEASE)
    assert [mail["message-id"] for _, mail in post.taken] == [mark]


def test_two_processes_do_not_send_the_same_mail(store: Store, post: PostOffice) -> None:
    digest_for(store, "ana")

    class Racer(SmtpNotifier):
        def takes(self, recipient: str) -> bool:
            deliver_due(store.engine, [notifier(post.port)], MORNING)
            return True

    racing = Racer(SmtpServer.parse(f"smtp://127.0.0.1:{post.port}"), "tealeaves@example.org")
    assert deliver_due(store.engine, [racing], MORNING) == []
    assert post.recipients == ["ana@example.org"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")  # a loopback server
def test_a_login_is_used_and_a_wrong_one_is_said_without_the_password(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    digest_for(store, "ana")
    with open_post_office(**only_with("us:er", SECRET)) as office, caplog.at_level(logging.DEBUG):
        wrong = notifier(office.port, "smtp://us%3Aer:wrong-" + SECRET + "@127.0.0.1:{port}")
        (outcome,) = deliver_due(store.engine, [wrong], MORNING)
        assert outcome.state == "waiting"
        assert "login refused: 535" in (outcome.error or "")
        right = notifier(office.port, "smtp://us%3Aer:" + SECRET + "@127.0.0.1:{port}")
        deliver_due(store.engine, [right], MORNING + timedelta(hours=1))
        assert office.recipients == ["ana@example.org"]
        assert SECRET not in repr(right) + repr(wrong) + str(outcome) + caplog.text


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://u:%s@[x", "smtp://u:%s@h:port", "%s"])
def test_a_bad_server_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Problem) as caught:
        SmtpServer.parse(url.replace("%s", SECRET))
    assert SECRET not in str(caught.value)


def test_smtps_and_starttls_are_read_from_the_address() -> None:
    assert SmtpServer.parse("smtps://h") == SmtpServer("h", 465, "", "", starttls=False, tls=True)
    assert SmtpServer.parse("smtp://u:p%40@h:587?starttls=1") == SmtpServer(
        "h", 587, "u", "p@", starttls=True, tls=False
    )
    assert not SmtpServer.parse("smtp://h?starttls=0").starttls


def test_an_office_writes_files_and_says_what_is_missing(store: Store, tmp_path: object) -> None:
    config = Config(data_dir=tmp_path, mail_to="ana@example.org", mail_from="t@example.org")  # type: ignore[arg-type]
    office = Office.of(config)
    office.publish(store.engine, DAY, MORNING)
    assert sorted(path.name for path in office.files.folder.iterdir()) == [
        *("2026-09-02.eml", "2026-09-02.html", "2026-09-02.txt"),
    ]
    with pytest.raises(Problem, match="the mails are waiting"):
        office.deliver(store.engine, MORNING)
    with pytest.raises(Problem, match="TEALEAVES_SMTP_URL is not set"):
        office.send_test("ana@example.org", MORNING)


def test_a_test_mail_is_sent_and_a_refusal_is_said(post: PostOffice, tmp_path: object) -> None:
    url = SecretStr(f"smtp://127.0.0.1:{post.port}")
    office = Office.of(Config(data_dir=tmp_path, smtp_url=url, mail_from="t@example.org"))  # type: ignore[arg-type]
    office.send_test("ana@example.org", MORNING)
    assert post.recipients == ["ana@example.org"]
    with pytest.raises(Problem, match=r"550 5\.1\.1 no such person"):
        office.send_test("gone@example.org", MORNING)


def test_a_chat_address_is_stored_without_its_token() -> None:
    chat = ChatNotifier.parse(f"json://token-{SECRET}@localhost slack://a/b/{SECRET}")
    assert SECRET not in repr(chat) + "".join(chat.recipients)
    assert [name.split(":")[0] for name in chat.recipients] == ["json", "slack"]
    assert all(chat.takes(name) for name in chat.recipients)
    with pytest.raises(Problem):
        ChatNotifier.parse(f"no-address-{SECRET}")


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise 2.3 under Python 3.11
def test_a_chat_room_that_does_not_answer_is_tried_again(store: Store) -> None:
    pytest.importorskip("apprise", reason="Apprise is not installed")
    chat = ChatNotifier.parse(f"json://127.0.0.1:{free_port()}/{SECRET}")
    made = digest_for(store)
    row = {"digest_id": made, "recipient": chat.recipients[0], "message_id": "<1@x>", "state": "waiting"}
    with writing(store.engine) as connection:
        connection.execute(insert(models.Delivery).values(**row, attempts=0, next_try_at=MORNING))
    (outcome,) = deliver_due(store.engine, [chat], MORNING)
    assert outcome.state == "waiting"
    assert SECRET not in str(outcome)
