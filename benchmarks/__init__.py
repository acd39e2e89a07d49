"""Speed claims, measured: `make bench`."""
