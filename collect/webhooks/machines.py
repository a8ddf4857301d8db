"""Which opens and clicks a machine makes: proxies and scanners by what they call themselves."""

from __future__ import annotations

# Mail privacy proxies open with the first word of a browser's name alone.
BARE = ("Mozilla/5.0",)
NAMED = ("GoogleImageProxy", "YahooMailProxy", "Barracuda", "Proofpoint", "Mimecast", "SafeLinks")


def by_machine(user_agent: str) -> bool | None:
    """Whether a machine did it; None where nothing is said of who did."""
    if not user_agent:
        return None
    return user_agent.strip() in BARE or any(name in user_agent for name in NAMED)
