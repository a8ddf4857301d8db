"""The terms of a run: the settings made as strict as the privacy officer's policy and the last publish."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings, SettingsError, variable
from data.snapshot import Snapshot
from state.policy import Policy, Terms, in_force, of_snapshot
from state.store import store_of

UNREACHABLE = (
    "terms of release: the state database cannot be opened ({}); what the privacy officer set since is not "
    "known, so that those of snapshot {} stay in force."
)
NEVER_KNOWN = (
    "The state database cannot be opened ({}), and nothing has been published whose terms of release could "
    "be kept: a first snapshot might tell more than the privacy officer allows. Bring the database back, "
    f"or correct {variable('state_url')}, and run again."
)
WEAKER = (
    "terms of release: settings and policy ask for {asked}, which protects less than snapshot {number} "
    f"({{kept}}); the stricter stays. Set {variable('threshold')} and {variable('profile')} to it."
)


def effective(settings: Settings, last: Snapshot) -> tuple[Settings, tuple[str, ...]]:
    """The settings under which this run publishes, and warnings.

    `SettingsError` where the policy cannot be read and no snapshot says what was in force.
    """
    store = store_of(settings)
    told: tuple[str, ...] = ()
    try:
        policies = store.policies()
    except (SQLAlchemyError, OSError, ImportError) as error:
        if not last.number:
            raise SettingsError([NEVER_KNOWN.format(type(error).__name__)]) from None
        policies, told = [], (UNREACHABLE.format(type(error).__name__, last.number),)
    finally:
        store.close()
    terms = in_force(settings, policies, last.terms)
    if not told:
        told = _weaker(settings, policies, last, terms)
    return settings.model_copy(update={"threshold": terms.threshold, "profile": terms.profile}), told


def _weaker(settings: Settings, policies: list[Policy], last: Snapshot, terms: Terms) -> tuple[str, ...]:
    asked = in_force(settings, policies, {})
    if asked == terms:
        return ()
    kept = of_snapshot(last.terms)
    return (WEAKER.format(asked=asked.words(), number=last.number, kept=kept.words()),)
