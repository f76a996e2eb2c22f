"""What requests and answers look like, as Pydantic models; no records are fetched here."""
