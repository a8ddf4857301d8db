"""What figures mean for those who act on them: pure rules on released values."""
