"""How commits belong together: reverts, fixes, series, the same change again."""
