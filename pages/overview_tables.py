"""The tables of the Overview that are offered as CSV."""

from __future__ import annotations

from pages import evidence, questions
from pages.overview_heat import heat_answer
from pages.overview_small import small_answer
from pages.table import Table

TABLES = (
    Table("figures", "Key figures", questions.cards),
    Table("trend", "Delivered and clicked over time", questions.trend),
    Table("channels", "By channel", questions.channels),
    Table("funnel", "From sent to converted", questions.funnel),
    Table("campaigns", "Campaigns", evidence.campaigns),
    Table("arms", "Arms", questions.arms),
    Table("heat", "By channel and member attribute", heat_answer, ("heat",)),
    Table("small", "Delivered over time by channel or program", small_answer, ("small",)),
)
