"""From raw files to published figures: sources, intake, landing, models, checks, publish."""
