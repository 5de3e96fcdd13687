"""What may rest on disk: sealed Events and their sealed pictures, until the server has them."""
