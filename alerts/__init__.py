"""What is wrong, told to somebody on every way that is set up: once when it begins, once when it is over."""
