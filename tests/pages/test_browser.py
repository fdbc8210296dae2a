"""The page in a real browser, where there is one: what a click opens."""

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from ispcore.pages import subscription_page
from tests.pages.markup import Markup
from tests.pages.test_network import play
from tests.providers import ANA, open_office

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CLICK = """
const before = getComputedStyle(document.querySelector(".why")).display;
const click = new MouseEvent("click", {bubbles: true, cancelable: true});
document.querySelector(".picture a").dispatchEvent(click);
const after = getComputedStyle(document.querySelector(".why")).display;
document.body.append(`displayed: ${before}, then ${after}`);
"""


@pytest.mark.skipif(BROWSER is None, reason="needs Chromium, which is only there to try the page's script")
def test_a_click_on_a_charge_opens_its_explanation(tmp_path: Path) -> None:
    with open_office() as office:
        subscription = office.subscribe(office.register("Ana"))
        office.close(date(2012, 2, 29))
        page = subscription_page(office.provider, subscription, actor=ANA)

    assert "displayed: none, then block" in shown_by_a_browser(page, CLICK, tmp_path)


@pytest.mark.skipif(BROWSER is None, reason="needs Chromium, which is only there to try the page's script")
def test_a_click_on_a_dot_tells_what_happened_on_the_device(tmp_path: Path) -> None:
    _, page = play()
    why = re.findall(r'<a href="#(n[\d-]+)">', page)[0]
    script = CLICK.replace(".picture a", f".dots a[href='#{why}']").replace(".why", f"#{why}")

    assert "displayed: none, then block" in shown_by_a_browser(page, script, tmp_path)


def shown_by_a_browser(page: str, script: str, tmp_path: Path) -> str:
    """Return the texts of *page* after *script* ran on it."""
    assert BROWSER is not None
    file = tmp_path / "page.html"
    file.write_text(page.replace("</body>", f"<script>{script}</script></body>"), "utf-8")

    flags = ("--no-sandbox", "--headless=new", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}")
    shown = subprocess.run(
        [BROWSER, *flags, "--virtual-time-budget=2000", "--dump-dom", file.as_uri()],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout
    return "".join(Markup(shown).texts)
