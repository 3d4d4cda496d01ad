"""The networks that modalities are built from."""
