-- What Word and JATS need that Quarto does not hand on. It runs last, when no caption can be made of
-- an image's own text any more.
local is_jats = FORMAT:match("^jats") ~= nil

-- Quarto gives `fig-alt` to HTML and typst alone; pandoc's writers of these two take an image's text.
local function describe(image)
  local alt = image.attributes["fig-alt"]
  if not alt or #image.caption > 0 then return nil end
  image.caption = pandoc.Inlines(alt)
  return image
end

-- JATS lists the references in the order in which they are stored: here that of their numbers.
local function order_references(doc)
  local known, ordered = {}, pandoc.List({})
  for _, reference in ipairs(pandoc.utils.references(doc)) do known[reference.id] = reference end
  pandoc.utils.citeproc(doc).blocks:walk({ Div = function(div)
    local reference = known[div.identifier:gsub("^ref%-", "")]
    if reference and div.classes:includes("csl-entry") then ordered:insert(reference) end
  end })
  if #ordered == 0 then return end
  doc.meta.references, doc.meta.bibliography = ordered, nil
end

function Pandoc(doc)
  if FORMAT ~= "docx" and not is_jats then return nil end
  if is_jats and doc.meta.bibliography then order_references(doc) end
  return doc:walk({ Image = describe })
end
