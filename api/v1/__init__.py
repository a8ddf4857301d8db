"""REST for scripts and other systems, version 1: released figures, campaigns, metrics and dimensions."""
