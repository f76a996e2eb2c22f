"""From the bytes of a blurred picture to those of a sharp one; no jobs, no store."""
