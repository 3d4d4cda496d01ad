"""The version of the package, read by the build and written into every run."""

__version__ = "0.2.0"
