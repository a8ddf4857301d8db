"""The assembly: what puts the rooms together and starts them."""
