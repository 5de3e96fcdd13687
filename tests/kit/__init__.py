"""What tests share: factories, fakes, a real display, the running product."""
