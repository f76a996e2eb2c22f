"""True originals of small pictures: looked for among others, proven, and taken in their place.

`library` holds pictures of folders and decks in memory, `index` those of a tenant in the records;
`finding` puts the likeliest of either to the proof.
"""
