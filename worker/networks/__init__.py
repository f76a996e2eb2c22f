"""The super-resolution networks: their descriptors, shapes and weights; no pictures, no tiles."""
