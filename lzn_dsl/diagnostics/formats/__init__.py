"""Diagnostics as other programs read them: JSON, SARIF, workflow commands of GitHub."""
