"""The project's own validation set: small pictures in shapes of real use, with their truth."""
