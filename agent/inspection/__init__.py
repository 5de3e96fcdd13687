"""The hot path, pure: same input, same output. No I/O, no clock, no logging."""
