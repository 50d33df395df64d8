-- Word's alternative texts: Quarto hands `fig-alt` on to HTML and typst alone, while pandoc's docx
-- writer takes an image's own text. It runs last, when no caption can be made of that text any more.
function Image(image)
  local alt = image.attributes["fig-alt"]
  if FORMAT ~= "docx" or not alt or #image.caption > 0 then return nil end
  image.caption = pandoc.Inlines(alt)
  return image
end
