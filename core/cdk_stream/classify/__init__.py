"""Personal data by the names of columns and by sampled values -> classes, and a patch."""
