"""Everything that runs at the provider. Rooms in the order the data walks; see README.md."""
