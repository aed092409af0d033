"""The desk in a real browser: keys decide and go on, nothing leaves our origin, nothing a page says runs."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from playwright.sync_api import Browser, Error, Page, sync_playwright
from sqlalchemy import Engine, select

from review.desk.app import create_desk
from store import models
from store.database import reading
from tests.review.rows import SENTENCES, Store
from tests.review.visitor import NOW, PAGES, fill, verdicts

pytestmark = pytest.mark.browser
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PAYLOADS = (
    "<script>document.title='RUN'</script>",
    "<img src=http://evil.example/x.png onerror=document.title='RUN'>",
    '"><svg onload=document.title="RUN">',
    "<iframe srcdoc='<script>parent.document.title=1</script>'></iframe>",
    "</title><script>document.title='RUN'</script>",
    "<style>@import 'http://evil.example/x.css';</style>",
    "<form action=http://evil.example><button data-key=a>",
    "javascript:document.title='RUN'",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium; skips where there is none, fails in CI."""
    path = os.environ.get("TEALEAVES_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        try:
            made = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        except Error as error:
            if os.environ.get("CI"):
                pytest.fail(f"CI must test in a browser: {error}")
            pytest.skip("no Chromium on this computer (apt install chromium, or playwright install chromium)")
        yield made
        made.close()


@dataclass
class Visit:
    """A page of the browser, and everything that it asked for and complained of."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the desk and wait until it is ready for keys."""
        self.page.goto(self.origin + path)
        return self.page

    def press(self, *keys: str) -> None:
        """Press keys one after the other, each when the page is ready for it."""
        for key in keys:
            self.page.locator("html:not([aria-busy])").wait_for()
            self.page.keyboard.press(key)
            self.page.wait_for_load_state("networkidle")

    @property
    def abroad(self) -> list[str]:
        """Every request to somebody else."""
        return [url for url in self.requests if not url.startswith(self.origin + "/")]


@contextmanager
def serve(engine: Engine) -> Iterator[str]:
    """Run the desk on a free port of this computer until the end of the block."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        desk = create_desk(engine, lambda: NOW, "Asia/Shanghai")
        server = uvicorn.Server(uvicorn.Config(desk, log_level="warning", ws="none", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def visit(small: Store, browser: Browser) -> Iterator[Visit]:
    with serve(small.engine) as origin:
        context = browser.new_context(locale="en-GB")
        visit = Visit(context.new_page(), origin)
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        visit.page.on("console", lambda message: visit.complaints.append(message.text))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.on("dialog", lambda dialog: visit.complaints.append(f"dialog: {dialog.message}"))
        yield visit
        context.close()


def left(page: Page, number: int) -> None:
    """Wait until that many rows are left."""
    page.locator("[data-row]").nth(number).wait_for(state="detached")


def marked(page: Page) -> str:
    return page.locator("[data-at] [data-open]").inner_text()


def test_one_key_decides_and_goes_on_to_the_next_row(small: Store, visit: Visit) -> None:
    fill(small)
    page = visit.go("/")
    assert marked(page) == SENTENCES[2]
    visit.press("a")
    left(page, 2)
    assert marked(page) == SENTENCES[1]
    visit.press("r")
    left(page, 1)
    visit.press("l")
    page.get_by_text("Nothing to review").wait_for()
    assert verdicts(small) == [("accepted", ""), ("rejected", ""), ("later", "")]
    visit.press("u")
    page.locator("[data-row]").wait_for()
    assert verdicts(small)[-1] == ("new", "")
    assert marked(page) == SENTENCES[0]


def test_j_and_k_walk_the_queue_and_enter_opens_a_row(small: Store, visit: Visit) -> None:
    fill(small)
    page = visit.go("/")
    visit.press("j", "j", "j", "k")
    assert marked(page) == SENTENCES[1]
    visit.press("a")
    left(page, 2)
    with reading(small.engine) as connection:
        accepted = select(models.Disclosure.quote).where(models.Disclosure.verdict == "accepted")
        assert connection.execute(accepted).scalar_one() == SENTENCES[1]
    assert marked(page) == SENTENCES[0]
    visit.press("Enter")
    page.wait_for_url("**/disclosures/1*")


def test_keys_decide_on_the_sheet_and_a_note_is_written_undisturbed(small: Store, visit: Visit) -> None:
    fill(small)
    page = visit.go("/disclosures/3")
    visit.press("n")
    page.keyboard.type("a real lead, see l")
    visit.press("Escape", "a")
    page.wait_for_url("**/disclosures/2*")
    assert verdicts(small) == [("accepted", "a real lead, see l")]
    visit.press("j")
    page.wait_for_url("**/disclosures/1*")
    visit.press("k")
    page.wait_for_url("**/disclosures/2*")
    visit.press("q")
    page.locator("[data-row]").first.wait_for()


def test_a_hurried_finger_does_not_decide_the_same_row_twice(small: Store, visit: Visit) -> None:
    fill(small)
    page = visit.go("/disclosures/3")
    page.evaluate(
        "for (const _ of [1, 2, 3]) document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', bubbles: true}))"
    )
    page.wait_for_url("**/disclosures/2*")
    assert verdicts(small) == [("accepted", "")]


def test_the_question_mark_shows_the_keys(small: Store, visit: Visit) -> None:
    page = visit.go("/")
    visit.press("?")
    assert page.get_by_role("dialog").is_visible()
    visit.press("a", "Escape")
    assert not page.get_by_role("dialog").is_visible()


def test_the_desk_works_without_javascript(small: Store, visit: Visit, browser: Browser) -> None:
    fill(small)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{visit.origin}/")
    page.get_by_role("button", name="Accept").first.click()
    page.get_by_role("button", name="Undo").click()
    page.locator("[data-open]").first.click()
    page.get_by_label("Note").fill("by hand")
    page.get_by_role("button", name="Reject").click()
    page.wait_for_url("**/disclosures/2*")
    assert verdicts(small) == [("accepted", ""), ("new", ""), ("rejected", "by hand")]
    context.close()


def test_no_page_asks_anybody_else_and_none_breaks_its_own_policy(small: Store, visit: Visit) -> None:
    fill(small)
    # A browser asks for a picture beside the bare JSON of /healthz, and there is none.
    for path in (*(page for page in PAGES if page != "/healthz"), "/?shelf=accepted&type=meeting", "/coverage?days=30"):
        visit.go(path)
    visit.go("/")
    visit.press("a", "j", "Enter")
    assert visit.abroad == []
    assert visit.complaints == []
    assert any("htmx" in url for url in visit.requests)


def test_nothing_that_a_page_says_is_run_or_loaded(small: Store, visit: Visit) -> None:
    for number, payload in enumerate(PAYLOADS):
        source = small.source(f"source-{number}", name=payload, name_en=payload)
        fields = {"title": payload, "issuer": payload, "doc_number": payload, "url": payload, "suspicions": [payload]}
        document = small.document(
            source, f"前文。{payload}。后文。", attachments=[{"url": payload, "name": payload}], **fields
        )
        small.disclosure(document, payload, body=payload, person=payload, role=payload, object=payload)
        small.hit(document, payload, status="suspect", why=payload, term=payload)
    paths = [f"/{kind}/{n + 1}{rest}" for n in range(len(PAYLOADS)) for kind, rest in SINKS]
    for path in ("/", "/documents", "/coverage", "/issues", *paths):
        page = visit.go(path)
        assert "RUN" not in page.title().split("·")[-1]
        assert page.locator("iframe, object, embed, img:not([src^='/static/']), form[action^='http']").count() == 0
    visit.go("/")
    visit.press("a", "r", "l", "u")
    assert visit.abroad == []
    assert visit.complaints == []


SINKS = (("disclosures", ""), ("documents", ""), ("documents", "/original"))


def test_another_site_cannot_decide(small: Store, visit: Visit, browser: Browser) -> None:
    fill(small)
    with serve(small.engine) as other:
        # Another port of this computer is another origin: what a forged page could reach.
        page = visit.page
        page.goto(f"{other}/help")
        page.route(
            "**/forged", lambda route: route.fulfill(body=FORGED.format(origin=visit.origin), content_type="text/html")
        )
        page.goto(f"{other}/forged")
        page.locator("button").click()
        page.wait_for_load_state("networkidle")
        assert page.get_by_text("has to come from a page of this desk").count() == 1
    assert verdicts(small) == []


FORGED = '<form method="post" action="{origin}/disclosures/2/verdict"><button name="decision" value="accepted">x</button></form>'
