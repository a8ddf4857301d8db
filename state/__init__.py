"""What people change while the app runs: edits of campaign records and notes, in a small database."""
