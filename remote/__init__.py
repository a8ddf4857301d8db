"""Other systems: SFTP, S3 and SQL opened the same way for all, and when one that fails is tried again."""
