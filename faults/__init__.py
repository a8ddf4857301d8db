"""Faults made on purpose: processes killed, disks filled, files spoiled; what survives is counted."""
