"""Linking: from the files of a program to one list of statements, whose names are qualified."""
