"""Speed, measured through the real ETL and the real server: `make bench` prints JSON; no test is timed."""
