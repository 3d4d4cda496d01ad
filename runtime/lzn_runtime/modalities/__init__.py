"""Data types: the encoder, the decoder and the preprocessing of each."""
