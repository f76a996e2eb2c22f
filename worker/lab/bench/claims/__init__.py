"""How many pictures a second workers can claim and end, and how the queue shares them out."""
