"""The ground floor: what a commit and an analysis are, how one is made, where it is kept."""
