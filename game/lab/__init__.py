"""Many games at once: what the market does over seeds, measured against the articles."""
