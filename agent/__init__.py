"""Everything that runs on a student's device. Nothing of the server's is imported here."""
