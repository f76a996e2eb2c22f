"""One blueprint for each subject of the API, and one for the page."""
