"""Read the headers of picture files, one module for each format; no pixel is decoded."""
