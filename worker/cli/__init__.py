"""The commands that load the network or start the workers: enhance, upscale, serve."""
