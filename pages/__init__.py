"""One module per page: its ids, its layout and the permission it needs."""
