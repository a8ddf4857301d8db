"""The ledger: who saw, took and changed what, in chains of lines that signed checkpoints cover."""
