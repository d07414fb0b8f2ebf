"""How much a commit matters: rules that fire on titles, patches and places, and what each weighs."""
