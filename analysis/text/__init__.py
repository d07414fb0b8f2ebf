"""Other people's words: what hides in them, and how they are cut and quoted."""
