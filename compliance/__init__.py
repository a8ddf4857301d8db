"""What the plan has to be able to prove: for now that the ledger is as it was written."""
