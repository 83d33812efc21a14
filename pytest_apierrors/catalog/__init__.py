"""What providers document: finding, reading, judging and compiling catalogs."""
