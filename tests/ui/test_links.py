"""A link to a campaign keeps what its page can filter by."""

from __future__ import annotations

from data.filters import Filters
from data.periods import Period
from ui.links import campaign_link, campaign_links


def test_a_drill_keeps_period_channel_and_attribute_and_drops_what_the_page_lacks() -> None:
    filters = Filters(
        period=Period("last_month"),
        channel=("sms",),
        program=("Flu shot",),
        attributes=(("region", ("North",)),),
    )
    assert (
        campaign_link("flu", filters)
        == "/campaign?period=last_month&campaign=flu&channel=sms&attr.region=North"
    )
    assert campaign_link("flu") == "/campaign?campaign=flu"


def test_links_of_many_campaigns_are_the_very_same() -> None:
    filters = Filters(period=Period("last_month"), channel=("sms",), campaign=("other", "more"))
    link = campaign_links(filters)
    for name in ("flu", "a b", "50% off, now", "~campaign~", "é&=?"):
        assert link(name) == campaign_link(name, filters)
