-- Alternative texts in Word and JATS: Quarto hands `fig-alt` on to HTML and typst alone, while
-- pandoc's writers of these two take an image's own text. It runs last, when no caption can be made
-- of that text any more.
local is_wanted = FORMAT == "docx" or FORMAT:match("^jats") ~= nil

function Image(image)
  local alt = image.attributes["fig-alt"]
  if not is_wanted or not alt or #image.caption > 0 then return nil end
  image.caption = pandoc.Inlines(alt)
  return image
end
