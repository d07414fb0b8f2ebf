"""The search over all days: what is asked, how far it is looked for, and what is told of what was found."""
