"""Takes the pictures of the README from a simulated college: `python scripts/screenshots.py HOME`.

Starts `campus serve --demo` over the data home on free ports, signs three people in, and writes
docs/images/. Needs what `make test` needs.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from site_harness import CHROMIUM, PHONE, QUIET, answers, free_port, serve, settled  # noqa: E402

from warehouse.cli.demo_people import prepare_demo  # noqa: E402
from warehouse.settings import load_settings  # noqa: E402

STATEMENT = """select course_code, count(*) as 人次,
  round(avg(total_score), 1) as 平均分
from student_academic_data.course_grade
group by course_code
order by 人次 desc
limit 10"""


def main(home: str) -> None:
    settings = load_settings(home)
    numbers = {account.role: account.number for account in prepare_demo(settings)}
    images = ROOT / "docs" / "images"
    images.mkdir(parents=True, exist_ok=True)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        command = serve(
            settings,
            Path(folder) / "serve.log",
            *("--demo", "--port", str(port), "--provider-port", str(free_port())),
        )
        try:
            command.wait_for(answers(f"{address}/healthz"))
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
                leader = enter(browser, f"{address}/statistics", numbers["leader"], 1366)
                picture(leader, images / "statistics.png")
                student = enter(browser, f"{address}/overview", numbers["student_a"], 1280)
                picture(student, images / "my-data.png")
                phone = enter(browser, f"{address}/overview", numbers["student_a"], 390)
                picture(phone, images / "my-data-phone.png")
                analyst = enter(browser, f"{address}/query", numbers["analyst"], 1366)
                ask(analyst)
                picture(analyst, images / "sql.png")
                browser.close()
        finally:
            command.end()


def enter(browser: Browser, address: str, number: str, width: int) -> Page:
    """A page of one person at a width, signed in through the demo's provider."""
    phone = {"user_agent": PHONE, "device_scale_factor": 2} if width < 640 else {}
    context = browser.new_context(
        viewport={"width": width, "height": 844 if phone else 860},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        **phone,
    )
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="登录").first.click()
    page.locator(f"button[name=sub][value='{number}']").click()
    page.wait_for_url(f"{address}*")
    return page


def ask(page: Page) -> None:
    """Run a statement, so that the picture shows a result."""
    settled(page)
    page.locator("textarea").first.fill(STATEMENT)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="运行").click()
    page.locator("[data-testid=stDataFrame]").first.wait_for()


def picture(page: Page, path: Path) -> None:
    settled(page)
    page.wait_for_timeout(1500)  # charts finish drawing behind the page's last run
    page.screenshot(path=path)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
