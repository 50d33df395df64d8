-- What the formats need that Quarto does not hand on. It runs last, when headings have their numbers
-- and no caption can be made of an image's own text any more.
local is_html, is_typst = FORMAT:match("^html") ~= nil, FORMAT == "typst"
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

-- On the web page the title is the one heading of the first level.
local function lower(heading)
  heading.level = heading.level + 1
  return heading
end

-- On paper a group such as [1-3] stays on one line; on the web page its class sees to that.
local function keep_together(cite)
  if #cite.citations < 2 then return nil end
  return { pandoc.RawInline("typst", "#box["), cite, pandoc.RawInline("typst", "]") }, false
end

function Pandoc(doc)
  if is_html then return doc:walk({ Header = lower }) end
  if is_typst then return doc:walk({ traverse = "topdown", Cite = keep_together }) end
  if FORMAT ~= "docx" and not is_jats then return nil end
  if is_jats and doc.meta.bibliography then order_references(doc) end
  return doc:walk({ Image = describe })
end
