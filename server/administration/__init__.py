"""What changes the organisation: trusts, academies and who holds which office."""
