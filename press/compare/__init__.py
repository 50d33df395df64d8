"""Two versions of the study in, what differs between them out."""
