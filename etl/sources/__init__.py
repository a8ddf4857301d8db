"""What a vendor's file means: mapping files, and the ready ones beside this module."""
