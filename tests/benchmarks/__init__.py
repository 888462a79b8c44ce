"""What it costs, as ratios to something measured in the same run. `make bench` runs all of it."""
