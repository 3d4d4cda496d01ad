"""The one layout of a program's text; docs/shell.md says what it looks like."""
