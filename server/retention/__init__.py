"""How long each table keeps its rows, and the removal of what is due."""
