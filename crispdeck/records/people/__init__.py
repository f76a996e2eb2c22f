"""Who may do what: tenants, their limits and keys, operators, sessions, pairings, the audit."""
