"""Super-resolution by a reference: a sharp picture of the same or of something like it."""
