"""The bars we hold ourselves to, measured beside their peers in the same run: `make bench`."""
