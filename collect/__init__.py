"""The door for live events: what one looks like, whether it may be kept, and the journal that keeps it."""
