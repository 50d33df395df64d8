-- A document with figures, tables, headings and @references in; the same with captions numbered,
-- floats written as the format wants them and every reference resolved.
--
-- An error that begins with PRESS is shown to the author; `[[key]]` in it asks the caller for the
-- line on which the key stands.

local here = PANDOC_SCRIPT_FILE:match("^(.*[/\\])") or ""
local writers = dofile(here .. "writers.lua")

local NAMES = { fig = "Figure", tbl = "Table", sec = "Section" }
local REF_TYPES = { fig = "fig", tbl = "table", sec = "sec" }
local NBSP = "\u{a0}"
local is_html, is_typst = FORMAT:match("^html") ~= nil, FORMAT:match("^typst") ~= nil
local is_jats = FORMAT:match("^jats") ~= nil

local index, counts, labels = {}, { fig = 0, tbl = 0 }, {}
local number_sections = false
local section = {}

local function kind_of(id)
  local prefix = id:match("^(%a+)%-")
  return prefix and NAMES[prefix:lower()] and prefix:lower()
end

local function register(id, number)
  if index[id] then error("PRESS the id " .. id .. " is in use twice [[#" .. id .. "]]") end
  index[id] = number
end

-- Divs around the outputs of chunks: kept in HTML, unwrapped elsewhere.
local function is_cell(div)
  return div.classes:includes("cell") or div.classes:includes("cell-output")
end

local function unwrap_cells(blocks)
  return pandoc.Blocks(blocks):walk({
    Div = function(div)
      if is_cell(div) and not is_html then return div.content end
    end,
  })
end

-- Numbers -----------------------------------------------------------------------------------

-- A filter of the author's can set the metadata `crossref: fig-labels, tbl-labels`: what stands for
-- the numbers 1, 2, ..., an inline each. Behind the last Quarto would begin again with the first.
local function read_labels(meta)
  if meta["number-prefix"] and not meta.crossref then
    error("PRESS number-prefix: no filter of the project's makes numbers of it [[number-prefix]]")
  end
  for key, value in pairs(meta.crossref or {}) do
    local kind = key:match("^(%a+)%-labels$")
    if not counts[kind] then error("PRESS crossref: " .. key .. " is not supported") end
    labels[kind] = value
  end
  meta.crossref = nil
end

local function next_number(id, kind)
  counts[kind] = counts[kind] + 1
  local number = tostring(counts[kind])
  if not labels[kind] then return number end
  local label = labels[kind][counts[kind]]
  if not label then
    error("PRESS " .. id .. " has no number; there are labels for " .. #labels[kind]
      .. " of its kind [[#" .. id .. "]]")
  end
  return pandoc.utils.stringify(label)
end

-- Floats ------------------------------------------------------------------------------------

local function make_float(id, caption, content, classes, attributes)
  local kind = kind_of(id)
  if not caption or #caption == 0 then
    error("PRESS the float " .. id .. " has no caption; end it with a paragraph [[#" .. id .. "]]")
  end
  local number = next_number(id, kind)
  register(id, number)
  if not is_typst then
    local prefix = pandoc.Inlines({ pandoc.Str(NAMES[kind] .. NBSP .. number .. ":"),
      pandoc.Space() })
    prefix:extend(caption)
    caption = prefix
  end
  content = unwrap_cells(content):walk({
    Image = function(image)
      image.caption = {}
      return image
    end,
    Figure = function(figure)
      if kind_of(figure.identifier) then
        error("PRESS a float inside a float: " .. figure.identifier
          .. " [[#" .. figure.identifier .. "]]")
      end
      return figure.content
    end,
  })
  return writers.float({ id = id, kind = kind, caption = caption, content = content,
    classes = classes or {}, attributes = attributes or {} })
end

local function is_float_id(id)
  local kind = kind_of(id)
  return kind == "fig" or kind == "tbl"
end

local function float_div(div)
  if not is_float_id(div.identifier) then return nil end
  local option = div.attributes["tbl-cap"]
  if option then
    local caption = pandoc.utils.blocks_to_inlines(pandoc.read(option, "markdown").blocks)
    return make_float(div.identifier, caption, div.content), false
  end
  local content, last = div.content, div.content[#div.content]
  local caption
  if #content > 1 and last.t == "Para" then
    caption = last.content
    content:remove(#content)
  end
  local alt = div.attributes["fig-alt"]
  div.attributes["fig-alt"] = nil
  if alt then
    content = content:walk({
      Image = function(image)
        image.attributes["fig-alt"] = alt
        return image
      end,
    })
  end
  return make_float(div.identifier, caption, content, div.classes, div.attributes), false
end

local function refuse_unnumbered(caption, prefix)
  if #caption > 0 then
    error("PRESS the caption '" .. pandoc.utils.stringify(caption) .. "' needs an id that begins "
      .. "with " .. prefix .. ", for formats number it in different ways")
  end
end

local function float_figure(figure)
  local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
  if is_float_id(figure.identifier) then
    return make_float(figure.identifier, caption, figure.content), false
  end
  refuse_unnumbered(caption, "fig-")
end

local function float_table(tbl)
  local id = tbl.identifier
  local caption = pandoc.utils.blocks_to_inlines(tbl.caption.long)
  if not is_float_id(id) then return refuse_unnumbered(caption, "tbl-") end
  tbl.identifier, tbl.caption = "", { long = {} }
  return make_float(id, caption, { tbl }), false
end

-- Sections ----------------------------------------------------------------------------------

local function number_heading(heading)
  if heading.classes:includes("unnumbered") then return nil end
  for level = 1, heading.level do section[level] = section[level] or 0 end
  for level = heading.level + 1, #section do section[level] = nil end
  section[heading.level] = section[heading.level] + 1
  local number = table.concat(section, ".")
  if kind_of(heading.identifier) == "sec" then register(heading.identifier, number) end
  if not number_sections or is_typst then return nil end
  if is_html then
    heading.attributes.number = number
    local span = pandoc.Span(number, pandoc.Attr("", { "header-section-number" }))
    heading.content = pandoc.Inlines({ span, pandoc.Space() }) .. heading.content
  else
    local mark = number .. (heading.level == 1 and "." or "")
    heading.content = pandoc.Inlines({ pandoc.Str(mark), pandoc.Space() }) .. heading.content
  end
  return heading
end

-- References --------------------------------------------------------------------------------

local function reference(citation, id, kind)
  local words = pandoc.Inlines({})
  if #citation.prefix > 0 then
    words:extend(citation.prefix)
  elseif citation.mode ~= "SuppressAuthor" then
    words:insert(pandoc.Str(NAMES[kind]))
  end
  if is_typst then
    words:insert(1, pandoc.RawInline("typst", "#ref(<" .. id .. ">, supplement: ["))
    words:insert(pandoc.RawInline("typst", "])"))
    return words
  end
  if #words > 0 then words:insert(pandoc.Str(NBSP)) end
  words:insert(pandoc.Str(index[id]))
  local attr = { class = "quarto-xref" }
  if is_jats then attr["ref-type"] = REF_TYPES[kind] end
  return pandoc.Inlines({ pandoc.Link(words, "#" .. id, "", attr) })
end

local function resolve(cite)
  local kinds, known = {}, 0
  for i, citation in ipairs(cite.citations) do
    kinds[i] = kind_of(citation.id)
    if kinds[i] then known = known + 1 end
  end
  if known == 0 then return nil end
  local result = pandoc.Inlines({})
  for i, citation in ipairs(cite.citations) do
    local key = "[[@" .. citation.id .. "]]"
    if known < #cite.citations then
      error("PRESS " .. pandoc.utils.stringify(cite.content) .. " mixes cross-references and "
        .. "citations, of which Quarto drops one; put words between them " .. key)
    end
    if #citation.suffix > 0 then
      error("PRESS the words behind @" .. citation.id .. " in the brackets would be lost " .. key)
    end
    local id = citation.id:sub(1, 1):lower() .. citation.id:sub(2)
    if not index[id] then
      error("PRESS @" .. citation.id .. " refers to nothing; no figure, table or section has the "
        .. "id " .. id .. " " .. key)
    end
    if kinds[i] == "sec" and not number_sections then
      error("PRESS @" .. citation.id .. " refers to a section, which needs number-sections: true "
        .. key)
    end
    if i > 1 then result:extend({ pandoc.Str(","), pandoc.Space() }) end
    result:extend(reference(citation, id, kinds[i]))
  end
  return result
end

-- The rest ----------------------------------------------------------------------------------

-- Where the list of references stands is the author's choice, not each format's.
local function check_reference_list(doc)
  local cites, has_place = false, false
  doc.blocks:walk({
    Cite = function(cite)
      for _, citation in ipairs(cite.citations) do
        cites = cites or not kind_of(citation.id)
      end
    end,
    Div = function(div) has_place = has_place or div.identifier == "refs" end,
  })
  if cites and not has_place then
    error("PRESS citations need a place for the list of references: ::: {#refs} and :::")
  end
end

return function(doc)
  number_sections = doc.meta["number-sections"] == true
  read_labels(doc.meta)
  check_reference_list(doc)
  doc = doc:walk({
    traverse = "topdown",
    Div = float_div, Figure = float_figure, Table = float_table, Header = number_heading,
  })
  doc = doc:walk({ Cite = resolve, Image = writers.image })
  if is_typst or is_html then doc = doc:walk({ Table = writers.table }) end
  doc.blocks = unwrap_cells(doc.blocks)
  return doc
end
