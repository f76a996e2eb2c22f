"""Wake-ups for the workers, by Redis or by files; a lost one is sent again, so none is a truth."""
