"""Jobs and their pictures: made, claimed, swept, ended; who is next, and who works on them."""
