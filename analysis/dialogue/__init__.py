"""How a commit or a day is put to a model: prompts, parts, turns, and the analysis that comes of them."""
