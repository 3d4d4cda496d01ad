"""What the language says about a program, and how it is shown."""
