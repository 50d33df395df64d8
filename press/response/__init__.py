"""The comments of the reviewers and the answers to them in, the letter of response out."""

LETTER_FILE, REVIEWS_FILE = "response.qmd", "reviews.yml"
"""Beside _quarto.yml; without the first there is no letter."""
