"""The comments of the reviewers and the answers to them in, the letter of response out."""
