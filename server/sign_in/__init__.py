"""Sessions: who is at the other end of a cookie."""
