"""Pages as people show them, drawn twice: small as on their screen, and sharp."""
