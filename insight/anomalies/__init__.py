"""What departs from its own past: a streaming detector for any series, rules for released figures."""
