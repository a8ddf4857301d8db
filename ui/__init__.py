"""What pages are made of: Page and Wires, the theme, and pieces that many pages show."""
