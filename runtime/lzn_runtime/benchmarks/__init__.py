"""Measurements that the installed command repeats: `lzn bench`."""
