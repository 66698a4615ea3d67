"""What an exported picture will look like."""
