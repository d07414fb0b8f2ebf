"""What an analysis says, held against what the commit holds."""
