"""Support staff look through a person's eyes: asked with a reason, entered by a mailed link,
written down page by page, unable to act."""
