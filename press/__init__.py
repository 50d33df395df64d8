"""The machine that renders the article: _quarto.yml and a .qmd in, four formats out."""
