-- meta.author in; authors, by-author, affiliations, labels and tags out, in the form that Quarto
-- hands to every template. `author` itself becomes the list of names.

local CREDIT = {
  ["conceptualization"] = "conceptualization", ["data curation"] = "data-curation",
  ["formal analysis"] = "formal-analysis", ["funding acquisition"] = "funding-acquisition",
  ["investigation"] = "investigation", ["methodology"] = "methodology",
  ["project administration"] = "project-administration", ["resources"] = "resources",
  ["software"] = "software", ["supervision"] = "supervision", ["validation"] = "validation",
  ["visualization"] = "visualization",
  ["writing – original draft"] = "writing-original-draft",
  ["writing – review & editing"] = "writing-review-editing",
}
local SHORT = {
  writing = "writing – original draft", editing = "writing – review & editing",
  analysis = "formal analysis", funding = "funding acquisition",
}
local FLAGS = { "corresponding", "equal-contributor", "deceased" }
local PLAIN = { "id", "url", "email", "orcid", "fax", "phone", "acknowledgements" }
local PLACE = { "name", "department", "group", "address", "city", "region", "country",
  "postal-code", "url", "isni", "ringgold", "ror" }

local text = pandoc.utils.stringify
local kind = pandoc.utils.type

local note_count = 0

local function letter(number)
  return string.char(97 + (number - 1) % 26)
end

local function as_list(value)
  if value == nil then return {} end
  return kind(value) == "List" and value or { value }
end

local function parsed_name(literal)
  local entry = pandoc.read("@misc{x, author = {" .. literal .. "}}", "bibtex").meta.references[1]
  local name = entry and entry.author and entry.author[1]
  if type(name) ~= "table" or not name.family then return { family = literal } end
  local particle = name["non-dropping-particle"] or name["dropping-particle"]
  return { family = text(name.family), given = name.given and text(name.given),
    ["non-dropping-particle"] = particle and text(particle) }
end

local function read_name(value)
  if kind(value) == "Inlines" then
    local name = parsed_name(text(value))
    name.literal = value
    return name
  end
  local given, family = value.given, value.family
  if not (given and family) and value.literal then return read_name(value.literal) end
  local whole = text(given or "") .. (given and family and " " or "") .. text(family or "")
  return { literal = value.literal or pandoc.Inlines(whole), given = given, family = family }
end

local function read_role(value)
  local role, degree = value, nil
  if kind(value) ~= "Inlines" then
    for key, contribution in pairs(value) do role, degree = key, text(contribution) end
  end
  local result = { role = text(role), ["degree-of-contribution"] = degree }
  local term = text(role):lower()
  term = SHORT[term] or term
  if CREDIT[term] then
    result["vocab-identifier"] = "https://credit.niso.org"
    result["vocab-term"] = term
    result["vocab-term-identifier"] =
      "https://credit.niso.org/contributor-roles/" .. CREDIT[term] .. "/"
  end
  return result
end

-- One entry for each distinct affiliation, in the order of their first mention.
local function new_register()
  local list = {}
  local function same(a, b)
    for _, key in ipairs(PLACE) do
      if text(a[key] or "") ~= text(b[key] or "") then return false end
    end
    return true
  end
  local function find(id)
    for _, known in ipairs(list) do
      if text(known.id) == id then return known end
    end
  end
  local function add(value)
    local entry = { id = value.id }
    for _, key in ipairs(PLACE) do entry[key] = value[key] end
    entry.region = entry.region or value.state
    for _, known in ipairs(list) do
      if same(known, entry) then return known end
    end
    local number = #list + 1
    entry.id = entry.id or ("aff-" .. number)
    entry.number, entry.letter = tostring(number), letter(number)
    list[number] = entry
    return entry
  end
  return { list = list, add = add, find = find }
end

-- References come before what is spelt out, as in Quarto.
local function read_affiliations(value, register)
  local references, found = pandoc.List({}), pandoc.List({})
  if kind(value) == "table" then value = { value } end
  for _, item in ipairs(as_list(value)) do
    if kind(item) == "Inlines" then
      found:insert(register.add({ name = item }))
    elseif item.ref then
      references:insert({ ref = text(item.ref) })
    else
      found:insert(register.add(item))
    end
  end
  return references .. found
end

local function read_author(value, number, register)
  local author = { id = tostring(number), number = tostring(number), letter = letter(number) }
  if kind(value) == "Inlines" then
    author.name = read_name(value)
    return author
  end
  author.name = read_name(value.name)
  for _, key in ipairs(PLAIN) do author[key] = value[key] or author[key] end
  for _, flag in ipairs(FLAGS) do
    if value[flag] == true then
      author.attributes = author.attributes or {}
      author.attributes[flag] = "true"
    end
  end
  local roles = value.roles or value.role
  if kind(roles) == "table" then roles = { roles } end
  for _, role in ipairs(as_list(roles)) do
    author.roles = author.roles or {}
    table.insert(author.roles, read_role(role))
  end
  if value.degrees then author.degrees = as_list(value.degrees) end
  if value.note then
    note_count = note_count + 1
    author.note = { number = tostring(note_count), text = value.note }
  end
  author.affiliations = read_affiliations(value.affiliations or value.affiliation, register)
  return author
end

local function resolve(authors, register)
  for _, author in ipairs(authors) do
    for i, affiliation in ipairs(author.affiliations or {}) do
      if affiliation.ref then
        local found = register.find(affiliation.ref)
        if not found then
          error("PRESS no affiliation has the id " .. affiliation.ref .. " that "
            .. text(author.name.literal) .. " refers to")
        end
        author.affiliations[i] = found
      end
    end
  end
end

local function labels(meta, authors, register)
  local function str(word) return pandoc.Inlines(word) end
  return {
    authors = str(#authors == 1 and "Author" or "Authors"),
    affiliations = str(#register.list == 1 and "Affiliation" or "Affiliations"),
    abstract = meta["abstract-title"] or str("Abstract"),
    keywords = str("Keywords"), published = str("Published"), modified = str("Modified"),
    doi = str("Doi"), description = str("Description"),
  }
end

return function(meta)
  local register, authors, names = new_register(), {}, {}
  local raw = meta.author
  if raw ~= nil and kind(raw) ~= "List" then raw = { raw } end
  for number, value in ipairs(raw or {}) do
    authors[number] = read_author(value, number, register)
    names[number] = authors[number].name.literal
  end
  for _, item in ipairs(as_list(meta.affiliations)) do
    register.add(kind(item) == "Inlines" and { name = item } or item)
  end
  resolve(authors, register)
  local has_notes = false
  for _, author in ipairs(authors) do
    has_notes = has_notes or author.attributes ~= nil or author.note ~= nil
  end
  meta.labels = labels(meta, authors, register)
  meta["quarto-internal"] = { ["has-author-notes"] = has_notes }
  if #authors > 0 then
    meta.author, meta.authors, meta["by-author"] = names, authors, authors
    meta.affiliations = #register.list > 0 and register.list or nil
  end
  if FORMAT:match("^jats") and meta.tags == nil then meta.tags = meta.keywords end
  return meta
end
