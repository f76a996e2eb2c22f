"""Training of the networks from a folder of pictures; needed by nobody who only upscales."""
