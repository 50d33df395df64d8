-- Quarto's own part of the work on a document, in one filter, since handing the document to a filter
-- and back takes time. Runs after the author's own filters and before citeproc.

local here = PANDOC_SCRIPT_FILE:match("^(.*[/\\])") or ""
local normalise_authors = dofile(here .. "authors.lua")
local number_and_resolve = dofile(here .. "floats.lua")

function Pandoc(doc)
  doc.meta = normalise_authors(doc.meta)
  return number_and_resolve(doc)
end
