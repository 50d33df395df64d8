-- Where each number of the document comes from, in its text: what a span with a key or a reason
-- holds is put between private-use characters, which last where a filter keeps text alone (an
-- alternative text, a notice). Read by press/executed_tree.py, never by an article.
local OPEN, MIDDLE, CLOSE, SPACE = "\u{E000}", "\u{E001}", "\u{E002}", "\u{E003}"

local function mark(span)
  local key = span.attributes.key or span.attributes["data-key"] or span.attributes.reason
  if not key or #span.content == 0 then return nil end
  local source = ((span.classes[1] or "") .. " " .. key):gsub("%s", SPACE)
  span.content:insert(1, pandoc.Str(OPEN .. source .. MIDDLE))
  span.content:insert(pandoc.Str(CLOSE))
  return span
end

-- The references as data, since JATS lists their fields and not citeproc's sentence.
function Pandoc(doc)
  doc.meta["press-references"] = pandoc.MetaString(pandoc.json.encode(pandoc.utils.references(doc)))
  return doc:walk({ Span = mark })
end
