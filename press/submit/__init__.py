"""A committed project and a journal's profile in; the package that its editor accepts out."""
