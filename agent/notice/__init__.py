"""What the student sees: the notice before anything is read, and the badge for as long as it is."""
