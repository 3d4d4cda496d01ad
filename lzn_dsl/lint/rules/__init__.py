"""The rules of the linter, a family a module."""
