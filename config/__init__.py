"""Settings, and the field's vocabulary: what every other room may rely on."""
