"""What an editor asks of a program, as functions of a text and a place; and the language server.

Only `server`, `session` and `protocol` need pygls. Words are understood token by token, not from
the tree: a text that is being written is wrong most of the time, and is still completed.
"""
