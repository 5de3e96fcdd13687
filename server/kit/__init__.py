"""Domain-free tools. Never a word of the product's language."""
