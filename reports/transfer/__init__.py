"""The monthly export on its way to other systems: targets, places, pushes, and their schedule."""
