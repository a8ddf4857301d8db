"""What machines ask: routes without a page."""
