"""The people in a contractor's CRM: found, written down, corrected, put away."""
