"""Tables and released facts as files: their rows, the formats, what stands beside a file, and export jobs."""
