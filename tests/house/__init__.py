"""Tests about the house itself: who may know whom, what things are called, what may never be written."""
