"""Jobs of a visitor who leaves the page or closes it, on a real server."""

import time
from pathlib import Path

import pytest

from tests.browser.visits import served, visitor

APP = Path(__file__).with_name("background_jobs_app.py")
LIMIT_SECONDS = 10  # on a busy machine; a job that nobody ends goes on for ever
QUIET_SECONDS = 2  # without a line after which a job has ended


@pytest.fixture(scope="module")
def site(chromium, tmp_path_factory):
    """Address of the pages, and the file that their jobs write."""
    path = tmp_path_factory.mktemp("jobs") / "log.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JOB_LOG", str(path))
        with served("streamlit", "run", str(APP), "--server.fileWatcherType", "none") as address:
            yield address, path


@pytest.fixture
def address(site):
    return site[0]


@pytest.fixture
def log(site):
    """The file, without what the jobs of other tests have written."""
    site[1].unlink(missing_ok=True)
    return site[1]


def wait_for_job(log):
    end = time.monotonic() + 30
    while not (log.exists() and len(log.read_text().splitlines()) > 5):
        assert time.monotonic() < end, "the job did not start"
        time.sleep(0.05)


def last_line(log):
    """When the job wrote its last line; it has ended."""
    end = time.monotonic() + 30
    while time.time() - (latest := float(log.read_text().splitlines()[-1])) < QUIET_SECONDS:
        assert time.monotonic() < end, "the job goes on"
        time.sleep(0.05)
    return latest


@pytest.mark.parametrize("name", ["waiting", "staying"])
@pytest.mark.parametrize("how", ["another page", "closed"])
def test_a_job_ends_when_its_visitor_leaves(chromium, address, log, name, how):
    with visitor(chromium, address) as page:
        page.goto(f"{address}/{name}")
        wait_for_job(log)
        page.wait_for_timeout(2500)  # longer than an unwatched job would last
        assert time.time() - float(log.read_text().splitlines()[-1]) < QUIET_SECONDS
        left = time.time()
        if how == "closed":
            page.close()
        else:
            page.get_by_role("link", name="elsewhere").click()
        assert last_line(log) - left < LIMIT_SECONDS


def test_a_button_of_the_fragment_that_waits_ends_the_wait(chromium, address, log):
    with visitor(chromium, address) as page:
        page.goto(f"{address}/stopping")
        wait_for_job(log)
        left = time.time()
        page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()  # Streamlit has one of its own
        page.get_by_text("Stopped.").wait_for()
        page.get_by_text("End of the page").wait_for()
        assert last_line(log) - left < LIMIT_SECONDS


def test_a_job_of_two_visitors_ends_with_the_last(chromium, address, log):
    with visitor(chromium, address) as first, visitor(chromium, address) as second:
        first.goto(f"{address}/waiting")
        wait_for_job(log)
        second.goto(f"{address}/waiting")
        second.get_by_role("heading", name="Waiting").wait_for()
        second.wait_for_timeout(500)
        first.close()
        second.wait_for_timeout(3000)
        second.get_by_role("button", name="Again").click()  # the next run takes up the watch
        second.wait_for_timeout(2000)
        assert time.time() - float(log.read_text().splitlines()[-1]) < QUIET_SECONDS
        left = time.time()
        second.close()
        assert last_line(log) - left < LIMIT_SECONDS
