"""Tests. They mirror the source tree; tests/kit holds what they share."""
