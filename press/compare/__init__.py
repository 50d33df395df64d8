"""Two versions of the article, or two data packages, in; what differs between them out."""
