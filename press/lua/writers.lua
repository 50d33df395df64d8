-- How each format writes a numbered figure or table, an image and a table; used by floats.lua.

local NAMES = { fig = "Figure", tbl = "Table" }
local is_html, is_typst = FORMAT:match("^html") ~= nil, FORMAT:match("^typst") ~= nil
local is_docx, is_jats = FORMAT:match("^docx") ~= nil, FORMAT:match("^jats") ~= nil

-- Images ------------------------------------------------------------------------------------

-- Figures of chunks lie beside the typst source, images of the author's under the project's root.
local function typst_path(src)
  local beside = src:match("_files/figure%-typst/") or src:match("^/") or src:match("^%a+:")
  return beside and src or "/" .. src
end

local function typst_image(image, alt)
  local quoted = alt:gsub("\\", "\\\\"):gsub('"', '\\"')
  local size = ""
  for _, key in ipairs({ "height", "width" }) do
    if image.attributes[key] then size = size .. ", " .. key .. ": " .. image.attributes[key] end
  end
  return pandoc.RawInline("typst",
    '#box(image("' .. image.src .. '", alt: "' .. quoted .. '"' .. size .. "))")
end

-- The alternative text goes where each writer looks for it: an attribute in HTML, an argument in
-- typst, the image's caption for Word. Quarto gives JATS none; a last filter may do so.
local function finish_image(image)
  local alt = image.attributes["fig-alt"] or pandoc.utils.stringify(image.caption)
  image.attributes["fig-alt"] = is_jats and image.attributes["fig-alt"] or nil
  if is_typst then image.src = typst_path(image.src) end
  if is_typst and alt ~= "" then return typst_image(image, alt) end
  image.caption = (is_docx or not is_html and not is_jats) and pandoc.Inlines(alt) or {}
  if is_html then image.attributes.alt = alt end
  return image
end

-- Floats ------------------------------------------------------------------------------------

local function html_float(float)
  local position = float.kind == "tbl" and "top" or "bottom"
  local caption_id = float.id .. "-caption"
  local figcaption = pandoc.Blocks({
    pandoc.RawBlock("html", string.format(
      '<figcaption class="quarto-float-caption-%s quarto-float-caption quarto-float-%s" id="%s">',
      position, float.kind, caption_id)),
    pandoc.Plain(float.caption),
    pandoc.RawBlock("html", "</figcaption>"),
  })
  local body = pandoc.Div(float.content, { ["aria-describedby"] = caption_id })
  local inner = pandoc.Blocks({
    pandoc.RawBlock("html", '<figure class="quarto-float quarto-float-' .. float.kind .. '">'),
  })
  if position == "top" then inner:extend(figcaption) end
  inner:insert(body)
  if position == "bottom" then inner:extend(figcaption) end
  inner:insert(pandoc.RawBlock("html", "</figure>"))
  local classes = pandoc.List({ "quarto-float", "quarto-figure", "quarto-figure-center" })
  classes:extend(float.classes)
  return pandoc.Div(inner, pandoc.Attr(float.id, classes, float.attributes))
end

local function typst_float(float)
  local position = float.kind == "tbl" and "top" or "bottom"
  local result = pandoc.Blocks({ pandoc.RawBlock("typst", "#figure([") })
  result:extend(float.content)
  result:insert(pandoc.RawBlock("typst",
    "], caption: figure.caption(\nposition: " .. position .. ",\n["))
  result:insert(pandoc.Plain(float.caption))
  result:insert(pandoc.RawBlock("typst", string.format(
    ']),\nkind: "quarto-float-%s",\nsupplement: "%s",\n)\n<%s>\n\n',
    float.kind, NAMES[float.kind], float.id)))
  return result
end

-- Behind a lone image; without it pandoc's plain text of the DOCX leaves the caption out.
local EMPTY_RUN = "<w:r><w:t></w:t></w:r>"

local function docx_float(float)
  local is_table = float.kind == "tbl"
  local style = is_table and "Table Caption" or "Image Caption"
  local caption = pandoc.Div({ pandoc.Para(float.caption) }, { ["custom-style"] = style })
  local function style_image(block)
    if #block.content == 1 and block.content[1].t == "Image" then
      local para = pandoc.Para({ block.content[1], pandoc.RawInline("openxml", EMPTY_RUN) })
      return pandoc.Div({ para }, { ["custom-style"] = "Captioned Figure" })
    end
  end
  local content = pandoc.Blocks(float.content):walk({ Para = style_image, Plain = style_image })
  content:insert(is_table and 1 or #content + 1, caption)
  return pandoc.Div(content, pandoc.Attr(float.id))
end

local function jats_float(float)
  return pandoc.Figure(float.content, { pandoc.Plain(float.caption) }, pandoc.Attr(float.id))
end

-- Tables ------------------------------------------------------------------------------------

local function add_classes(rows, first, second)
  for i, row in ipairs(rows) do row.classes:insert(i % 2 == 1 and first or second) end
end

-- The classes that Quarto's HTML has; in typst, no figure around a table that is in one.
local function finish_table(tbl)
  if is_typst then
    tbl.classes:insert("typst:no-figure")
    return tbl
  end
  tbl.classes:insert("caption-top")
  add_classes(tbl.head.rows, "header", "header")
  for _, body in ipairs(tbl.bodies) do add_classes(body.body, "odd", "even") end
  return tbl
end

return {
  float = is_html and html_float or is_typst and typst_float or is_docx and docx_float
    or jats_float,
  image = finish_image,
  table = finish_table,
}
