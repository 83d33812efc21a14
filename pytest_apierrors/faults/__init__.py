"""Every documented error and every way to break one, as data."""
