"""The findings: runs of specs/compare over seeds, and the page that tells of them."""
