"""Measures what is promised to be quick or small, and says whether it holds: `python -m bench`."""
