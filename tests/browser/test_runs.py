"""The page Runs in a real browser: runs are measured, two are ticked and compared, the report is saved."""

from playwright.sync_api import expect

from alignment.study import CACHE
from alignment.study.runs.measure import measure_runs, runs_over
from alignment.study.runs.table import RunTable
from tests.browser.visits import settle


def test_runs_are_measured_ticked_and_reported(study, page):
    table = RunTable(CACHE)
    measure_runs(runs_over([study.settings], ["ridge", "procrustes"], random_space=False), table)
    prototypes = measure_runs(runs_over([study.settings], ["prototypes"], random_space=False), table).rows
    table.remove(prototypes["key"])
    page.goto("/runs?measure=true&mappings=Prototypes&only_mapping=Ridge&only_mapping=Procrustes")
    page.get_by_role("button", name="Measure ").click()
    page.get_by_text("All 2 runs are in the table").wait_for(timeout=180_000)
    settle(page)
    runs = page.locator("[data-testid=stDataFrame]").first
    runs.scroll_into_view_if_needed()
    box = runs.bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + 2.5 * 35)
    page.wait_for_url("**first_run=**second_run=**")  # the second row with the best, which stands in the first
    expect(page.get_by_text("on average over").first).to_be_visible()
    expect(page.locator("[data-testid=stPlotlyChart] canvas").first).to_be_attached()
    page.emulate_media(color_scheme="dark")
    axis = page.locator(".st-key-parallel .axis .domain").first
    expect(axis).not_to_have_css("stroke", "rgb(0, 0, 0)")
    with page.expect_download() as download:
        page.get_by_role("button", name="Report as HTML").click()
    report = download.value.path().read_text(encoding="utf-8")
    assert "To repeat it" in report and report.count("data:image/png") > 4 and "--mapping" in report
