"""Reports that are kept: issued under an ID, reopened with their own numbers, sent by the clock."""
