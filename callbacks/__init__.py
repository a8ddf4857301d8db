"""One module per page: what the page asks the data, and what it draws of the answer."""
