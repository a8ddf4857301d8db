"""What members said about being tracked, by pseudonym: the latest statement counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl
import sqlalchemy as sa

from state.database import Database
from state.tables import CONSENTS

TRACKING = "tracking"
AT_ONCE = 500


class ConsentStore:
    """The consents of the state database. A subject is the pseudonym of a member or an address."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def tracking(self, subjects: Collection[int]) -> Mapping[int, bool]:
        """What each of some subjects said last; who said nothing is left out."""
        if self.database.is_new():
            return {}
        listed, found = list(subjects), {}
        with self.database.reading() as connection:
            for begin in range(0, len(listed), AT_ONCE):
                some = listed[begin : begin + AT_ONCE]
                wanted = sa.select(CONSENTS.c.subject, CONSENTS.c.permitted).where(
                    CONSENTS.c.purpose == TRACKING, CONSENTS.c.subject.in_(some)
                )
                found.update({subject: bool(permitted) for subject, permitted in connection.execute(wanted)})
        return found

    def every(self) -> pl.DataFrame:
        """What every subject said last: subject (Int64), permitted (Boolean)."""
        form = {"subject": pl.Int64, "permitted": pl.Boolean}
        if self.database.is_new():
            return pl.DataFrame(schema=form)
        wanted = sa.select(CONSENTS.c.subject, CONSENTS.c.permitted).where(CONSENTS.c.purpose == TRACKING)
        with self.database.reading() as connection:
            rows = [(subject, bool(permitted)) for subject, permitted in connection.execute(wanted)]
        return pl.DataFrame(rows, form, orient="row")

    def state(self, statements: Sequence[tuple[int, bool, int]], source: str) -> None:
        """Keep statements (subject, permitted, microseconds); one that is older than what is known is not."""
        if not statements:
            return
        with self.database.writing() as connection:
            for subject, permitted, at_us in sorted(statements, key=lambda one: one[2]):
                values = {"permitted": int(permitted), "at_us": at_us, "source": source}
                own = (CONSENTS.c.subject == subject) & (CONSENTS.c.purpose == TRACKING)
                known = connection.execute(sa.select(CONSENTS.c.at_us).where(own)).scalar()
                if known is None:
                    made = sa.insert(CONSENTS).values(subject=subject, purpose=TRACKING, **values)
                    connection.execute(made)
                elif known <= at_us:
                    connection.execute(sa.update(CONSENTS).where(own).values(**values))
