"""What a journal asks in; rule by rule what the article has, and where, out."""
