"""The Overview in a real browser: filters are the address, figures equal their file, all can use it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.windows import violations

pytestmark = pytest.mark.browser

LOOKS: tuple[tuple[int, Any], ...] = ((1400, "light"), (820, "dark"), (390, "light"))
PANELS = ("#overview-trend", "#overview-funnel", "#overview-channels", "#overview-campaigns")
STATES = [
    "/",
    "/?period=all_time&campaign=flu-2025",
    "/?attr.region=North&compare=none",
    "/?period=last_7_days",
    "/?campaign=a1c-house-calls",
    "/?from=2026-09-01&to=2026-10-31&channel=nothing",
    "/?of=opt_outs_per_1000&heat=age_band&small=program&cols=name,sent,cost&q=flu",
]


def ready(page: Page) -> None:
    for panel in PANELS:
        expect(page.locator(f"{panel} .panel-head")).to_be_visible()
    page.wait_for_load_state("networkidle")


def pick(page: Page, name: str, label: str) -> None:
    page.click(f"summary:has(#filter-{name}-words)")
    page.get_by_role("group", name=re.compile(name.replace("line", "line of business"), re.I)).get_by_label(
        label, exact=True
    ).check()
    page.keyboard.press("Escape")


def test_a_filter_becomes_the_address_and_the_address_the_filter(window: Page) -> None:
    ready(window)
    before = window.locator("#overview-cards .kpi-number").nth(1).text_content()
    pick(window, "channel", "Phone")
    expect(window).to_have_url(re.compile(r"\?channel=phone$"))
    expect(window.locator("#filter-channel-words")).to_have_text("Phone")
    expect(window.locator(".scope-sentence")).to_contain_text("Phone")
    expect(window.locator("#overview-channels tbody tr")).to_have_count(1)
    narrowed = window.locator("#overview-cards .kpi-number").nth(1).text_content()
    assert narrowed != before
    window.reload()
    ready(window)
    expect(window.locator("#filter-channel-words")).to_have_text("Phone")
    expect(window.locator("#overview-cards .kpi-number").nth(1)).to_have_text(narrowed or "")
    window.get_by_role("link", name="Reset").click()
    ready(window)
    expect(window.locator("#overview-cards .kpi-number").nth(1)).to_have_text(before or "")


def test_custom_dates_appear_when_asked_for_and_stay_in_the_address(window: Page) -> None:
    expect(window.locator("#filter-from")).to_be_hidden()
    window.select_option("#filter-period", "custom")
    window.fill("#filter-from", "2026-09-01")
    window.fill("#filter-to", "2026-10-31")
    expect(window).to_have_url(re.compile("from=2026-09-01&to=2026-10-31"))
    expect(window.locator(".scope-sentence")).to_contain_text("1 Sep – 31 Oct 2026")
    window.reload()
    expect(window.locator("#filter-from")).to_have_value("2026-09-01")


def test_a_member_attribute_offers_its_values(window: Page) -> None:
    window.click("summary:has(#filter-values-words)")
    window.select_option("#filter-attribute", "segment")
    window.get_by_role("group", name="Values of the attribute").get_by_label("Chronic").check()
    expect(window).to_have_url(re.compile(r"attr\.segment=Chronic"))
    expect(window.locator("#filter-values-words")).to_have_text("Segment: Chronic")
    expect(window.locator(".kpi-label").first).to_have_text("Members delivered to")


GRID = "#overview-grid"
NAMES = f"{GRID} .ag-cell[col-id=name] a"


def rows(page: Page) -> None:
    expect(page.locator(NAMES).first).to_be_visible(timeout=20_000)


def test_a_campaigns_name_leads_to_its_page_by_mouse_and_by_key(window: Page) -> None:
    rows(window)
    link = window.locator(NAMES).first
    name = link.inner_text()
    link.click()
    expect(window).to_have_url(re.compile(r"/campaign\?campaign="))
    expect(window.locator("h1")).to_contain_text(name)
    window.go_back()
    rows(window)
    window.locator(f"{GRID} .ag-cell[col-id=name]").first.focus()
    window.keyboard.press("Enter")
    expect(window).to_have_url(re.compile(r"/campaign\?campaign="))


def test_the_grid_is_sorted_by_keyboard_and_says_so_and_the_address_keeps_it(window: Page) -> None:
    rows(window)
    head = window.locator(f"{GRID} .ag-header-cell[col-id=name]")
    head.focus()
    window.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(window).to_have_url(re.compile("sort=name"))
    expect(window.locator(NAMES).first).to_contain_text("A1C")
    names = window.locator(NAMES).all_inner_texts()
    assert names == sorted(names, key=str.lower)
    window.reload()
    rows(window)
    expect(window.locator(f"{GRID} .ag-header-cell[col-id=name]")).to_have_attribute("aria-sort", "ascending")
    assert window.locator(NAMES).all_inner_texts() == names


def test_outcomes_to_come_never_stand_above_complete_ones_in_the_grid(window: Page) -> None:
    window.goto("/?period=all_time&sort=-conversion_rate&cols=sent,conversion_rate")
    rows(window)
    cells = window.locator(f"{GRID} .ag-cell[col-id=conversion_rate] .grid-figure")
    later = ["so-far" in (cell.get_attribute("class") or "") for cell in cells.all()]
    told = [cell.inner_text() for cell in cells.all()]
    known = [late for late, words in zip(later, told, strict=True) if "%" in words]
    assert known == sorted(known)
    assert True in known
    assert False in known


def test_a_search_narrows_the_grid_alone(window: Page) -> None:
    rows(window)
    before = window.locator("#overview-cards .kpi-number").nth(1).text_content()
    window.get_by_label("Find a campaign").fill("flu sms")
    expect(window.locator("#overview-grid-head h2")).to_contain_text("match “flu sms”")
    expect(window.locator(NAMES).first).to_contain_text("Flu")
    expect(window).to_have_url(re.compile(r"q=flu\+sms"))
    assert window.locator("#overview-cards .kpi-number").nth(1).text_content() == before
    window.get_by_label("Find a campaign").fill("nothing like it")
    expect(window.locator(GRID).get_by_text("Nothing fits this search.")).to_be_visible()


def test_columns_are_chosen_and_pinned_and_the_address_keeps_them(window: Page) -> None:
    rows(window)
    expect(window.locator(f"{GRID} .ag-header-cell[col-id=cost]")).to_have_count(0)
    window.get_by_text("Columns", exact=True).click()
    window.get_by_role("group", name="Shown").get_by_label("Cost", exact=True).check()
    window.get_by_role("group", name="Pinned").get_by_label("Sent", exact=True).check()
    expect(window).to_have_url(re.compile("cols=.*cost.*&pin=sent"))
    window.keyboard.press("Escape")
    window.reload()
    rows(window)
    expect(window.locator(f"{GRID} .ag-header-cell[col-id=cost]")).to_have_count(1)
    expect(window.locator(f"{GRID} .ag-pinned-left-header .ag-header-cell[col-id=sent]")).to_have_count(1)


def test_chosen_campaigns_are_compared(window: Page) -> None:
    rows(window)
    link = window.locator("#overview-compare")
    expect(link).to_have_text("Choose campaigns to compare")
    for place in (0, 1):
        window.locator(f"{GRID} .ag-row[row-index='{place}'] input[type=checkbox]").check()
    expect(link).to_have_text("Compare 2")
    link.click()
    expect(window).to_have_url(re.compile(r"/compare\?campaign=[^&]+%2C"))


def test_a_phone_has_cards_an_order_and_no_grid(window: Page) -> None:
    window.set_viewport_size({"width": 390, "height": 850})
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    window.reload()
    card = window.locator("#overview-plain tbody th a").first
    expect(card).to_be_visible()
    window.get_by_label("Order", exact=True).select_option("name")
    expect(card).to_contain_text("A1C")
    expect(window).to_have_url(re.compile("sort=name"))
    window.get_by_role("button", name="Further rows").click()
    expect(window.locator(".turns")).to_contain_text("6 to")
    assert not [url for url in asked if "ag_grid" in url]


CELLS = """css => [...document.querySelectorAll(css + ' tbody tr')].map(row =>
  [...row.querySelectorAll('td.number')].map(cell => [
    getComputedStyle(cell, '::before').content.replaceAll('"', '').replace(' so far', ''),
    cell.closest('table').tHead.rows[0].cells[cell.cellIndex].textContent,
  ]))"""


@pytest.mark.parametrize("place", ["/?period=all_time", "/campaign?campaign=flu-2025"])
def test_on_a_phone_every_cell_of_the_channels_says_its_own_column(window: Page, place: str) -> None:
    window.set_viewport_size({"width": 390, "height": 850})
    window.goto(urljoin(window.url, place))
    expect(window.locator(".by-channel tbody tr").first).to_be_visible(timeout=30_000)
    rows = window.evaluate(CELLS, ".by-channel")
    assert len(rows[0]) >= 4
    for told, head in (pair for row in rows for pair in row):
        assert told
        assert head.startswith(told.removesuffix("s")), (told, head)


def test_a_grid_that_cannot_be_fetched_is_a_plain_table(window: Page) -> None:
    window.route("**/dash_ag_grid/**", lambda route: route.fulfill(body="", content_type="text/javascript"))
    window.goto("/?sort=name")
    head = window.locator("#overview-plain th", has_text="Campaign").first
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.get_by_role("button").focus()
    window.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(head.get_by_role("button")).to_be_focused()


def test_a_panels_own_choices_stand_in_the_address_and_outlast_a_filter(window: Page) -> None:
    rows(window)
    window.get_by_label("By channel and", exact=True).select_option("region")
    expect(window.locator("#overview-heat thead")).to_contain_text("North")
    window.get_by_label("Rate", exact=True).select_option("opt_outs_per_1000")
    expect(window.locator("#overview-heat h2")).to_contain_text("Opt-outs")
    window.get_by_label("A chart per", exact=True).select_option("program")
    expect(window.locator("#overview-small .multiple").first).to_contain_text("Flu")
    pick(window, "channel", "E-mail")
    expect(window).to_have_url(re.compile("channel=email"))
    for told in ("heat=region", "of=opt_outs_per_1000", "small=program"):
        expect(window).to_have_url(re.compile(told))
    window.reload()
    expect(window.get_by_label("By channel and", exact=True)).to_have_value("region")
    expect(window.locator("#overview-small .multiple").first).to_contain_text("Flu")


def test_the_table_behind_the_small_charts_has_their_figures(window: Page) -> None:
    window.locator("#overview-small").get_by_text("Show as a table").click()
    head = window.locator("#overview-small-table thead")
    expect(head).to_contain_text("E-mail")
    expect(head).to_contain_text("SMS")


def test_what_needs_someone_links_to_where_it_shows(window: Page) -> None:
    strip = window.locator(".attention")
    expect(strip.get_by_role("heading", name="Needs you today")).to_be_visible()
    item = strip.locator(".need", has_text="has no campaign record")
    expect(item).to_contain_text("Watch")
    item.get_by_role("link").click()
    expect(window).to_have_url(re.compile(r"/campaign\?campaign=refill-pilot-22"))


def test_the_scope_names_the_days_compared_with(window: Page) -> None:
    ready(window)
    expect(window.locator(".scope-sentence")).to_contain_text("compared with 1 Dec 2025 – 20 May 2026")
    window.select_option("#filter-compare", "year")
    expect(window.locator(".scope-sentence")).to_contain_text("compared with 1 Jun – 20 Nov 2025")
    window.select_option("#filter-compare", "none")
    expect(window.locator(".scope-sentence")).not_to_contain_text("compared")


def test_a_downloaded_file_has_the_figures_of_the_screen(window: Page, tmp_path: Path) -> None:
    pick(window, "channel", "E-mail")
    expect(window.locator("#overview-channels tbody tr")).to_have_count(1)
    with window.expect_download() as wait:
        window.locator("#overview-channels .csv").click()
    file = tmp_path / "channels.csv"
    wait.value.save_as(file)
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert {row["channel"] for row in rows} == {"email"}
    delivered = next(row for row in rows if row["metric"] == "delivered")
    expect(window.locator("#overview-channels .bar-words")).to_have_text(f"{int(delivered['value']):,}")


def test_the_table_behind_the_chart_opens(window: Page) -> None:
    ready(window)
    window.locator("#overview-trend").get_by_text("Show as a table").click()
    expect(window.locator("#overview-trend-table tbody tr").first).to_be_visible()


def test_the_link_is_copied(window: Page) -> None:
    ready(window)
    window.get_by_role("button", name="Copy link").click()
    expect(window.get_by_text("Link copied")).to_be_visible()
    assert window.evaluate("navigator.clipboard.readText()") == window.url


def fits(window: Page) -> bool:
    """Whether the page is, within some seconds, no wider than its window. The policy lets no page wait for a
    text that is a script, so that this asks from outside."""
    for _ in range(50):
        if window.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
            return True
        window.wait_for_timeout(200)
    return False


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible_and_never_wider_than_the_window(window: Page, state: str) -> None:
    window.goto(state)
    ready(window)
    for width, scheme in LOOKS:
        window.emulate_media(color_scheme=scheme)
        window.set_viewport_size({"width": width, "height": 850})
        window.wait_for_timeout(300)
        assert fits(window), (width, scheme)
        assert violations(window) == [], (width, scheme)


def test_the_open_filters_are_accessible_on_a_phone(window: Page) -> None:
    window.set_viewport_size({"width": 390, "height": 850})
    window.reload()
    ready(window)
    expect(window.locator("#filter-period")).to_be_hidden()
    window.locator(".filters-head").click()
    window.click("summary:has(#filter-campaign-words)")
    assert window.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert violations(window) == []


def test_new_data_redraw_the_page_and_keep_its_filters(window: Page) -> None:
    window.goto("/?channel=sms")
    ready(window)
    with window.expect_response(lambda r: "overview-cards" in (r.request.post_data or "")):
        window.evaluate("dash_clientside.set_props('frame-snapshot', {data: 999})")
    expect(window).to_have_url(re.compile(r"\?channel=sms$"))
    expect(window.locator("#filter-channel-words")).to_have_text("SMS")


def test_back_and_forward_walk_through_the_filters(window: Page) -> None:
    pick(window, "channel", "E-mail")
    expect(window).to_have_url(re.compile("channel=email"))
    window.wait_for_timeout(1600)
    window.select_option("#filter-period", "last_month")
    expect(window).to_have_url(re.compile("period=last_month"))
    window.go_back()
    expect(window.locator("#filter-period")).to_have_value("last_6_months")
    expect(window.locator(".scope-sentence")).to_contain_text("E-mail")
    window.go_back()
    expect(window.locator("#filter-channel-words")).to_have_text("All")
    expect(window.locator(".scope-sentence")).to_contain_text("all channels")
    window.go_forward()
    expect(window.locator("#filter-channel-words")).to_have_text("E-mail")
    expect(window).to_have_url(re.compile("channel=email"))


def test_regions_have_a_list_of_their_own(window: Page) -> None:
    window.click("summary:has(#filter-region-words)")
    window.get_by_role("group", name="Region").get_by_label("North").check()
    expect(window).to_have_url(re.compile(r"attr\.region=North"))
    expect(window.locator(".kpi-label").first).to_have_text("Members delivered to")
