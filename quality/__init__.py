"""Measures by other people's tools how good the screens are, and fails where one falls short."""
