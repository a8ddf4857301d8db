"""The ways on which somebody is told: one file per way, its payload on top; a registry lists them."""
