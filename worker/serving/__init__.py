"""`crispdeck serve`: web server, workers and sweep timer of one machine, as child processes."""
