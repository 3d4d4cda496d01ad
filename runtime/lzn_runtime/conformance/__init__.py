"""The torch half of the conformance kit `lzn_dsl.testing`: a modality tried on a few samples."""
