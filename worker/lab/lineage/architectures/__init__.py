"""One module for each architecture, in its paper's shape; no pictures around it, no training."""
