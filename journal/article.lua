-- What the article says about itself in its body becomes metadata, where every template looks
-- for it. YAML cannot do this: its values are not computed. Runs once per format, before the
-- document is numbered, and asks nothing of the program that renders (Quarto or press).
local stringify = pandoc.utils.stringify
local is_html, is_docx = FORMAT:match("^html") ~= nil, FORMAT == "docx"
local is_jats = FORMAT:match("^jats") ~= nil
local is_paged = is_docx or FORMAT == "typst"

-- A computed value that has nothing to say arrives as an empty span, because Quarto leaves the
-- code standing where inline code gives the empty string. A span with an id is a link's target.
-- A number that the author declares as no result keeps its words; the reason is for the source.
local function settle_span(span)
  if #span.content == 0 and span.identifier == "" then return {} end
  if span.classes:includes("literal") then return span.content end
end

-- JATS and typst would print an empty paragraph where such a span stood alone.
local function drop_empty_paragraph(para)
  local is_something = function(inline) return inline.t ~= "Space" and inline.t ~= "SoftBreak" end
  if not para.content:find_if(is_something) then return {} end
end

-- What remains of a chunk whose output moved elsewhere; left in place it would stand between a
-- figure and its caption, and Quarto takes a float's last block for the caption.
local function drop_spent_cell(div)
  local is_cell = div.classes:find_if(function(class) return class:match("^cell") end)
  if #div.content == 0 and is_cell then return {} end
end

-- The words of `::: alt` become the alternative text of the figure's images; an image's own
-- text in brackets would be printed as a caption.
local function describe_images(float)
  local alt
  float = float:walk({ Div = function(div)
    if not div.classes:includes("alt") then return drop_spent_cell(div) end
    alt = stringify(div)
    return {}
  end })
  return float:walk({ Image = function(image)
    image.attributes["fig-alt"] = alt or image.attributes["fig-alt"]
    return image
  end })
end

local function mark_wide_columns(div)
  if not div.classes:includes("wide-columns") then return nil end
  return div:walk({ Table = function(tbl) tbl.classes:insert("wide-columns") return tbl end })
end

-- On paper a table is as wide as the text, and a column's share follows its longest word and, up
-- to 40 letters, its longest cell. LibreOffice would make all columns equal and break words.
local function column_shares(tbl)
  local widths, sum = {}, 0
  local function measure(rows, most)
    for _, row in ipairs(rows) do for column, cell in ipairs(row.cells) do
      local text = stringify(cell.contents)
      local width = math.min(pandoc.text.len(text), most)
      for word in text:gmatch("%S+") do width = math.max(width, pandoc.text.len(word)) end
      widths[column] = math.max(widths[column] or 0, width + 3)
    end end
  end
  measure(tbl.head.rows, 0)
  for _, body in ipairs(tbl.bodies) do measure(body.body, 40) end
  for _, width in ipairs(widths) do sum = sum + width end
  return function(column) return widths[column] and widths[column] / sum end
end

-- The first cell of a row names it, as those of the head name their columns: Word's table and typst's
-- know no such cell, HTML and JATS do. Where one is empty none names its row.
local function name_rows(tbl)
  local function scope(cell, value) cell.attr.attributes.scope = value end
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do scope(cell, "col") end
  end
  for _, body in ipairs(tbl.bodies) do
    local is_unnamed = function(row) return stringify(row.cells[1].contents) == "" end
    if not pandoc.List(body.body):find_if(is_unnamed) then
      body.row_head_columns = 1
      for _, row in ipairs(body.body) do scope(row.cells[1], "row") end
    end
  end
  return tbl
end

-- pandoc's own relative widths are those of the dashes under a pipe table's header and say nothing
-- about the columns; a float with class `wide-columns` keeps them.
local function set_table(tbl)
  if not tbl.classes:includes("wide-columns") then
    local share = is_paged and column_shares(tbl) or function() end
    for i, spec in ipairs(tbl.colspecs) do tbl.colspecs[i] = { spec[1], share(i) } end
  end
  -- The plain table style also frames figures, so that rules need a style of their own.
  if is_docx then tbl.attributes["custom-style"] = "ArticleTable" end
  if is_html or is_jats then tbl = name_rows(tbl) end
  if not is_html then return tbl end
  -- A wide table scrolls on a narrow screen; the keyboard reaches it only with a tab stop.
  return pandoc.Div({ tbl }, pandoc.Attr("", { "table-region" },
    { { "tabindex", "0" }, { "role", "group" }, { "aria-label", "Table" } }))
end

-- The region in which a table scrolls is named by the first sentence of the caption.
local function name_region(float)
  local caption = ""
  for _, block in ipairs(float.content) do
    if block.t == "Para" then caption = stringify(block) end
  end
  local name = caption:match("^(.-)%.%s") or caption
  if name == "" then return nil end
  return float:walk({ Div = function(div)
    if not div.classes:includes("table-region") then return nil end
    div.attributes["aria-label"] = name
    return div
  end })
end

-- Splits off the section under "# Abstract": the rest, its blocks, its heading's words.
local function lift_abstract(blocks)
  local body, abstract, title, inside = pandoc.Blocks({}), pandoc.Blocks({}), nil, false
  for _, block in ipairs(blocks) do
    local is_section = block.t == "Header" and block.level == 1
    if is_section then inside = block.identifier == "abstract" end
    if is_section and inside then title = block.content
    else (inside and abstract or body):insert(block) end
  end
  return body, abstract, title
end

local function as_inlines(div)
  return pandoc.utils.blocks_to_inlines(div.content, { pandoc.Space() })
end

-- The title of every output says it, in its metadata too; the running head says it by itself.
local function retitle(meta, keyword)
  local title = pandoc.Inlines(meta.title or {})
  meta["short-title"] = meta["short-title"] or pandoc.Inlines(stringify(title):match("^[^:]*"))
  meta.title = pandoc.Inlines(keyword .. ": ") .. title
  meta.pagetitle = stringify(meta.title)
end

local function announce(meta, div)
  meta.notice = as_inlines(div)
  local description = div.attributes.description or stringify(meta.notice)
  if meta.description then description = description .. " " .. stringify(meta.description) end
  meta.description = pandoc.Inlines(description)
  if div.attributes.keyword then
    meta["notice-keyword"] = pandoc.Inlines(div.attributes.keyword)
    retitle(meta, div.attributes.keyword)
    meta["running-notice"] = meta["notice-keyword"]
    meta.keywords = pandoc.List(meta.keywords or {}) .. { meta["notice-keyword"] }
  end
end

-- `stamp: Draft` stands at the head of every page on paper, behind the notice where there is one.
local function stamp_pages(meta)
  local words = pandoc.List({})
  for _, key in ipairs({ "running-notice", "stamp" }) do
    if meta[key] then words:insert(stringify(meta[key])) end
  end
  if #words == 0 then return end
  meta["running-notice"] = pandoc.Inlines(table.concat(words, ". "))
  meta.subject = meta["running-notice"] -- Word's property of this name is its running head
end

-- Where the numbers come from: a block of HTML with a line of JSON for each receipt. Those remain
-- whose numbers the page shows; the template places them and brings the script that reads them.
local function only_shown(block, doc)
  local lines, shown = pandoc.List({}), {}
  doc:walk({ Span = function(span) shown[span.attributes.key or ""] = true end })
  for line in block:gmatch("\n([^\n]+)") do
    local id = line:match('^{"id": "([^"]+)"')
    if id and shown[id] or line:match('^{"data": ') then lines:insert((line:gsub(",$", ""))) end
  end
  local element = block:match("^[^\n]+\n") .. table.concat(lines, ",\n") .. "\n]</script>"
  return pandoc.Blocks({ pandoc.RawBlock("html", element) })
end

-- Quarto reads `authors` before `author`; pandoc's docx writer prints `author`. Family and given
-- name are set so that nobody tries to find them in a sentence.
local function sign(meta, div)
  meta.byline = as_inlines(div)
  meta.author = pandoc.List({ meta.byline })
  meta.authors = pandoc.List({
    { name = { literal = meta.byline, family = meta.byline, given = pandoc.Inlines({}) } } })
end

-- pandoc's docx writer knows no template: it prints title, authors and abstract and nothing else.
-- Notice and keywords therefore travel with the abstract, which brings its own heading.
local function complete_docx_abstract(meta, abstract, title)
  local front = pandoc.Blocks({})
  local function add(style, inlines)
    front:insert(pandoc.Div({ pandoc.Para(inlines) }, { ["custom-style"] = style }))
  end
  if meta.notice then add("Notice", meta.notice) end
  if title then add("Abstract Title", title) end
  front:extend(abstract)
  if meta.keywords and #abstract > 0 then
    local words = table.concat(pandoc.List(meta.keywords):map(stringify), ", ")
    add("Keywords", { pandoc.Strong("Keywords:"), pandoc.Space(), pandoc.Str(words) })
  end
  meta["abstract-title"] = ""
  return front
end

-- `number-prefix: S` numbers figures and tables S1, S2, ... For that the program that renders takes
-- its numbers from a list, one inline a number; typst counts by itself and its template gets the key.
local MOST_NUMBERS = 99
local function prefix_numbers(meta)
  if not meta["number-prefix"] then return end
  local labels = pandoc.Inlines({})
  for number = 1, MOST_NUMBERS do
    labels:insert(pandoc.Str(stringify(meta["number-prefix"]) .. number))
  end
  meta.crossref = { ["fig-labels"] = labels, ["tbl-labels"] = labels }
end

-- The web page links to the other formats of its document and to the other documents: to those that
-- _quarto.yml declares, in the folder where pandoc runs. Beside each other lies what has one stem.
local FORMATS = { { "typst", "pdf", "PDF" }, { "docx", "docx", "Word" }, { "jats", "xml", "JATS XML" } }
local function link_outputs(meta)
  local settings = io.open("_quarto.yml")
  local output = PANDOC_STATE.output_file
  if not settings or not output then return end
  local project = pandoc.read("---\n" .. settings:read("a") .. "\n---\n", "markdown").meta
  settings:close()
  local function stem_of(file) return (pandoc.path.split_extension(pandoc.path.filename(file))) end
  local stem, is_ours, links, others = stem_of(output), false, pandoc.List({}), pandoc.List({})
  for _, file in ipairs(project.project and project.project.render or {}) do
    local other = stem_of(stringify(file))
    is_ours = is_ours or other == stem
    local name = other:sub(1, 1):upper() .. other:sub(2):gsub("[-_]", " ")
    if other ~= stem then others:insert({ file = other .. ".html", name = name }) end
  end
  for _, format in ipairs(FORMATS) do
    local id, ending, name = table.unpack(format)
    if project.format[id] then links:insert({ file = stem .. "." .. ending, name = name }) end
  end
  if is_ours then meta.links = links .. others end
end

-- The licence of the text, where a file beside the article states one, for the JATS file.
local function state_licence(meta)
  local file = io.open("LICENSE-prose.md")
  if not file then return end
  local text = file:read("a")
  file:close()
  local address = text:match("<(https://creativecommons%.org/licenses/[^>]-/)legalcode>")
  local statement, year, holder = text:match("(Copyright %(c%) (%d+) ([^\n]+))")
  if not (address and statement) then return end
  meta.licence = { address = address, name = text:match("%*%*(.-)%*%*"),
    statement = statement, year = year, holder = holder }
end

-- The letter to the reviewers: their comments on a tint with a bar, the place of a quote above it,
-- the closing below a rule.
local LETTER = {
  ["review-comment"] = { fill = "luma(95%)", stroke = "(left: 2pt + luma(45%))",
    inset = "(x: 10pt, y: 8pt)", width = "100%" },
  ["review-closing"] = { stroke = "(top: 0.5pt + luma(45%))", inset = "(top: 10pt)",
    above = "1.8em", width = "100%" },
}
-- In Typst's markup three dots are one sign, two hyphens a dash and quotes curly; in a string, no.
local function verbatim(str)
  return pandoc.RawInline("typst", '#"' .. str.text:gsub('[\\"]', "\\%0") .. '";')
end

local function set_letter(div)
  local class = div.classes[1]
  if FORMAT == "typst" then
    for name, value in pairs(LETTER[class] or {}) do div.attributes["typst:" .. name] = value end
  end
  if class == "review-comment" and FORMAT == "typst" then div = div:walk({ Str = verbatim }) end
  if class == "review-comment" and is_docx then div.attributes["custom-style"] = "Review Comment" end
  if class == "review-closing" and is_docx then div.content:insert(1, pandoc.HorizontalRule()) end
  if class == "review-quote" then
    local place = { ["custom-style"] = "Quote Place" }
    if FORMAT == "typst" then
      place = { ["typst:sticky"] = "true", ["typst:text:style"] = '"italic"' }
    end
    div.content[1] = pandoc.Div({ div.content[1] }, place)
  end
  return div
end

function Pandoc(doc)
  local receipts
  doc = doc:walk({ Span = settle_span, Div = mark_wide_columns })
  local meta = doc.meta
  prefix_numbers(meta)
  if is_html then link_outputs(meta) end
  if is_jats then state_licence(meta) end
  local function take_receipts(block)
    if not block.text:match('^<script[^>]* id="receipts">') then return nil end
    receipts = block.text
    return {}
  end
  local taken = { Para = drop_empty_paragraph, Table = set_table, RawBlock = take_receipts }
  function taken.Div(div)
    if div.classes:includes("notice") then announce(meta, div) return {} end
    if (div.classes[1] or ""):match("^review%-") then return set_letter(div) end
    if div.identifier == "byline" then sign(meta, div) return {} end
    if div.identifier:match("^fig%-") then return describe_images(div) end
    if is_html and div.identifier:match("^tbl%-") then return name_region(div) end
    return drop_spent_cell(div)
  end
  doc = doc:walk(taken)
  stamp_pages(meta)
  if receipts and is_html then meta.receipts = only_shown(receipts, doc) end
  local body, abstract, title = lift_abstract(doc.blocks)
  if title then meta["abstract-title"] = title end
  if is_docx then abstract = complete_docx_abstract(meta, abstract, title) end
  if #abstract > 0 then meta.abstract = abstract end
  return pandoc.Pandoc(body, meta)
end
