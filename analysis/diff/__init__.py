"""What a commit changed: files, hunks, lines; and which part of that is read."""
