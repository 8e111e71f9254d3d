"""What whoever keeps an installation does with all of it at once: copies it, puts it back, looks
whether it is whole. It reaches into every room."""
