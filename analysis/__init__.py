"""The study: raw tables in; results, phrases, tables and figures out."""
