"""Live: the harmless requests of a catalog sent to one named host, and nothing else."""
