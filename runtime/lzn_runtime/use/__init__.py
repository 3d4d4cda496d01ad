"""Using a trained task from files: inputs read, results written."""
