"""Other systems: SFTP, S3 and SQL opened the same way for all, with the errors and words of who asks."""
