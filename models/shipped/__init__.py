"""The Pack that is shipped: data only."""
