"""What `pushdigest COMMAND` does: a module for each group of commands."""
