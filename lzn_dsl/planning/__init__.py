"""The plan: all that crosses from the language to the runtime."""
