"""What vendors report by webhook: verified over the raw bytes, read by one table per vendor, told alike."""
