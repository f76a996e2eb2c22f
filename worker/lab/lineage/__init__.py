"""The lineage: super-resolution from 2013 to 2020, rebuilt from its papers under one budget."""
