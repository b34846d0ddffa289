-- The look of figures, tables, callouts and the abstract in HTML, Word and Typst, for both renderers.
-- On plain pandoc it also does what Quarto does by itself: numbers, references, content for one format.

local html, docx, typst = FORMAT:match("html"), FORMAT == "docx", FORMAT == "typst"
local names = { fig = "Figure", tbl = "Table" }
local counts, numbers, keywords, prefix = { fig = 0, tbl = 0 }, {}, nil, ""

local function kind_of(id)
  local kind = id:match("^(%a+)%-")
  return names[kind] and kind
end

local function number(element)
  local kind = kind_of(element.identifier)
  if kind then
    counts[kind] = counts[kind] + 1
    numbers[element.identifier] = counts[kind]
  end
end

-- "Table S3": the exhibits of a supplement have a letter before their numbers.
local function label(id)
  return names[kind_of(id)] .. "\u{a0}" .. prefix .. numbers[id]
end

-- "Figure 1. " in front of a caption; Word counts it by a field, Typst by itself.
local function captioned(id, inlines)
  if typst then return inlines end
  local head = pandoc.Inlines({})
  if docx then
    local name = names[kind_of(id)]
    local field = '<w:fldSimple w:instr=" SEQ ' .. name .. ' \\* ARABIC "><w:r><w:rPr><w:b/></w:rPr><w:t>'
      .. numbers[id] .. "</w:t></w:r></w:fldSimple>"
    head:extend({
      pandoc.Strong(name .. "\u{a0}" .. prefix),
      pandoc.RawInline("openxml", field),
      pandoc.Strong("."),
    })
  else
    head:insert(pandoc.Strong(label(id) .. "."))
  end
  head:insert(pandoc.Space())
  head:extend(inlines)
  return head
end

local function to_typst(inlines)
  return (pandoc.write(pandoc.Pandoc({ pandoc.Plain(inlines) }), "typst"):gsub("%s+$", ""))
end

local function styled(name, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = name }))
end

-- A label set in by em spaces keeps its indent when it breaks over two lines.
local function indent(cell)
  local first = cell.contents[1] and cell.contents[1].content and cell.contents[1].content[1]
  if not (first and first.t == "Str") then return end
  local em, level = "\u{2003}", 0
  while first.text:sub(1, #em) == em do
    level, first.text = level + 1, first.text:sub(#em + 1)
  end
  if level == 0 then return end
  cell.contents[1].content[1] = first
  if docx then
    cell.contents = { styled("Table Level " .. level, { pandoc.Para(cell.contents[1].content) }) }
  else
    cell.contents[1].content:insert(1, pandoc.RawInline("typst", "#row-label(" .. level .. ")["))
    cell.contents[1].content:insert(pandoc.RawInline("typst", "]"))
  end
end

-- What only the authors can fill in, and numbers that moved under their words.
local function marked(span)
  if not (span.classes:includes("to-fill") or span.classes:includes("moved")) then return nil end
  if typst then
    span.content:insert(1, pandoc.RawInline("typst", "#highlight["))
    span.content:insert(pandoc.RawInline("typst", "]"))
    return span.content
  end
  if docx then span.attributes["custom-style"] = "To Fill" end
  return span
end

-- Of the links of a table print keeps those to the web.
local function beside(link)
  return link.target:match("^https?:") and link or link.content
end

-- The cells of a row that spans the table are headings of the rows below: part of the body.
local function native(source)
  local parsed = pandoc.read(source, "html").blocks[1]
  local notes = pandoc.Inlines({})
  for _, row in ipairs(parsed.foot.rows) do
    for _, cell in ipairs(row.cells) do
      for _, block in ipairs(cell.contents) do notes:extend(block.content) end
    end
  end
  parsed.foot.rows = {}
  for _, body in ipairs(parsed.bodies) do
    local rows = pandoc.List(body.head)
    rows:extend(body.body)
    body.head, body.body = {}, rows
    for _, row in ipairs(rows) do
      if docx and #row.cells == 1 then
        local heading = pandoc.Para(row.cells[1].contents[1].content)
        row.cells[1].contents = { styled("Table Section", { heading }) }
      else
        indent(row.cells[1])
      end
    end
  end
  -- Raw HTML until now, so the walks over the document have not met these.
  parsed = parsed:walk({ Link = beside, Span = marked })
  local left = parsed.classes:includes("prose")
  for i, spec in ipairs(parsed.colspecs) do
    parsed.colspecs[i] = { (i == 1 or left) and pandoc.AlignLeft or pandoc.AlignCenter, spec[2] }
  end
  return parsed, notes
end

-- About how wide a word is in ems, in the widest of the faces that Word may take for a table.
local function ems(word)
  local width = 0
  for _, code in utf8.codes(word) do
    local narrow = code < 128 and string.char(code):match("[fijlrtI%p ]")
    local wide = code >= 0x2e80 or code < 128 and string.char(code):match("[A-Zmw%%]")
    width = width + (narrow and 0.4 or wide and 0.85 or 0.64)
  end
  return width
end

-- The share of the page that a column needs for its longest word; longer ones (hashes) may break.
local page, size, margins, longest = 453, 8, 8, 20
local function needs(parsed)
  local rows, found = pandoc.List({}), {}
  rows:extend(parsed.head.rows)
  for _, body in ipairs(parsed.bodies) do rows:extend(body.body) end
  local taken = {} -- by column: rows below that a cell from above still covers
  for _, row in ipairs(rows) do
    local column = 1
    for _, cell in ipairs(row.cells) do
      while (taken[column] or 0) > 0 do
        taken[column], column = taken[column] - 1, column + 1
      end
      if cell.col_span == 1 then
        local text = pandoc.utils.stringify(cell.contents)
        for _, breaks in ipairs({ "\u{2003}", "\u{200b}", "%-" }) do text = text:gsub(breaks, "%0 ") end
        for word in text:gmatch("%S+") do
          if utf8.len(word) <= longest then
            found[column] = math.max(found[column] or 0, (ems(word) * size + margins) / page)
          end
        end
      end
      for _ = 1, cell.col_span do
        taken[column], column = cell.row_span - 1, column + 1
      end
    end
    for rest = column, #parsed.colspecs do taken[rest] = math.max((taken[rest] or 0) - 1, 0) end
  end
  return found
end

-- Columns of Word have the widths they are given: wide ones lend to those that would break a word.
local function widen(parsed)
  local found, lacking, spare, all, asked = needs(parsed), 0, 0, 0, 0
  for i, spec in ipairs(parsed.colspecs) do
    if not spec[2] then return end
    local need = found[i] or 0
    lacking, spare = lacking + math.max(need - spec[2], 0), spare + math.max(spec[2] - need, 0)
    all, asked = all + spec[2], asked + need
  end
  if lacking == 0 then return end
  for i, spec in ipairs(parsed.colspecs) do
    local need = found[i] or 0
    local lent = spare > 0 and math.max(spec[2] - need, 0) * lacking / spare or 0
    local width = spare < lacking and need * all / asked or math.max(spec[2], need) - lent
    parsed.colspecs[i] = { spec[1], width }
  end
end

-- Typst draws no lines between rows by itself: the one between the two rows of headings.
local function rule_headings(parsed)
  if #parsed.head.rows < 2 then return end
  for _, cell in ipairs(parsed.head.rows[1].cells) do
    if cell.col_span > 1 then
      cell.attributes["typst:stroke"] = "(bottom: 0.4pt)"
    end
  end
end

-- A table that fits a page floats like a figure, its rows nearer each other where that makes it fit; a longer
-- one, or one of class "here", stays.
local function placement(parsed, div)
  if div.classes:includes("here") then return "", "" end
  local rows = #parsed.head.rows
  for _, body in ipairs(parsed.bodies) do rows = rows + #body.body end
  if rows > 60 then return "", "" end
  return "placement: auto, ", rows > 52 and "#set table(inset: (x: 3.5pt, y: 1.5pt))" or ""
end

local function table_float(div)
  local source, caption
  for _, block in ipairs(div.content) do
    if block.t == "RawBlock" then source = block.text end
    if block.t == "Para" then caption = block.content end
  end
  local id = div.identifier
  caption = captioned(id, caption)
  if html then
    return pandoc.Div({
      pandoc.RawBlock("html", "<figure>"),
      pandoc.RawBlock("html", "<figcaption>"),
      pandoc.Plain(caption),
      pandoc.RawBlock("html", "</figcaption>"),
      pandoc.RawBlock("html", source),
      pandoc.RawBlock("html", "</figure>"),
    }, pandoc.Attr(id, { "table-float" }))
  end
  local parsed, notes = native(source)
  if typst then
    rule_headings(parsed)
    parsed.classes = { "typst:no-figure" }
    local place, nearer = placement(parsed, div)
    local blocks = pandoc.Blocks({
      pandoc.RawBlock("typst", place == "" and "#place.flush()" or ""),
      pandoc.RawBlock("typst", "#figure(kind: table, " .. place .. "caption: [" .. to_typst(caption) .. "])[" .. nearer),
      parsed,
    })
    if #notes > 0 then
      blocks:insert(pandoc.RawBlock("typst", "#table-note[" .. to_typst(notes) .. "]"))
    end
    blocks:insert(pandoc.RawBlock("typst", "] <" .. id .. ">"))
    return blocks
  end
  widen(parsed)
  local blocks = pandoc.Blocks({ styled("Table Caption", { pandoc.Para(caption) }), parsed })
  -- An empty note keeps a table without one apart from the text below it.
  if #notes == 0 then notes:insert(pandoc.Str("\u{a0}")) end
  blocks:insert(styled("Table Note", { pandoc.Para(notes) }))
  return pandoc.Div(blocks, pandoc.Attr(id))
end

local function callout(div)
  local title = div.attributes.title
  if html then
    div.attributes.title = nil
    local heading = pandoc.Para({ pandoc.Strong(title) })
    div.content:insert(1, pandoc.Div(heading, pandoc.Attr("", { "callout-title" })))
    return div
  end
  local blocks = pandoc.Blocks({ pandoc.Para({ pandoc.Strong(title) }) })
  blocks:extend(div.content)
  if docx then return styled("Callout", blocks) end
  blocks:insert(1, pandoc.RawBlock("typst", "#notice-box["))
  blocks:insert(pandoc.RawBlock("typst", "]"))
  return blocks
end

-- Typst has the keywords under the title.
local function abstract(div)
  if typst then
    div.content:insert(1, pandoc.RawBlock("typst", "#abstract-box["))
    div.content:insert(pandoc.RawBlock("typst", "]"))
    return div.content
  end
  if not keywords then return nil end
  local line = pandoc.Inlines({ pandoc.Strong("Keywords"), pandoc.Space() })
  for i, keyword in ipairs(keywords) do
    if i > 1 then line:extend({ pandoc.Str(";"), pandoc.Space() }) end
    line:extend(keyword)
  end
  div.content:insert(docx and styled("Keywords", { pandoc.Para(line) }) or pandoc.Para(line))
  return div
end

local function wanted(div)
  local format = div.attributes["when-format"] or div.attributes["unless-format"]
  local here = format == FORMAT or (format == "html" and html ~= nil)
  if div.attributes["unless-format"] then here = not here end
  if div.classes:includes("content-hidden") then here = not here end
  return here
end

local function transform(div)
  if div.classes:includes("content-visible") or div.classes:includes("content-hidden") then
    return wanted(div) and div.content or {}
  end
  for _, class in ipairs(div.classes) do
    if class:match("^callout%-") then return callout(div) end
  end
  if kind_of(div.identifier) == "tbl" then return table_float(div) end
  if div.classes:includes("abstract") then return abstract(div) end
end

local function figure(element)
  if not kind_of(element.identifier) then return nil end
  local caption = captioned(element.identifier, element.caption.long[1].content)
  element.caption.long = { pandoc.Plain(caption) }
  return element:walk({
    Image = function(image)
      local alt = image.attributes["fig-alt"]
      image.attributes["fig-alt"] = nil
      image.caption = alt and { pandoc.Str(alt) } or image.caption
      if html then image.attributes.alt = alt end
      return image
    end,
  })
end

local function reference(cite)
  local links = pandoc.Inlines({})
  for i, citation in ipairs(cite.citations) do
    if not kind_of(citation.id) then return nil end
    if not numbers[citation.id] then error("There is no " .. citation.id .. " to refer to.") end
    if i > 1 then links:insert(pandoc.Str(", ")) end
    if typst then
      links:insert(pandoc.RawInline("typst", "#link(<" .. citation.id .. ">)[" .. label(citation.id) .. "]"))
    else
      links:insert(pandoc.Link(label(citation.id), "#" .. citation.id, "", { class = "xref" }))
    end
  end
  return links
end

local function remember(meta)
  keywords = meta["printed-keywords"] or meta.keywords
  prefix = meta["exhibit-prefix"] and pandoc.utils.stringify(meta["exhibit-prefix"]) or ""
end

-- An exhibit of another document is linked to on the web alone; print has its name.
local function elsewhere(link)
  if not link.classes:includes("elsewhere") then return nil end
  return html and link or link.content
end

-- What floats is drawn before the parts that close a document: declarations, references.
local function closing(header)
  if not (typst and header.level == 1 and header.classes:includes("unnumbered")) then return nil end
  return { pandoc.RawBlock("typst", "#place.flush()"), header }
end

local function embedded(doc)
  remember(doc.meta)
  doc:walk({ traverse = "topdown", Div = number, Figure = number })
  return doc:walk({ Cite = reference }):walk({ Div = transform, Figure = figure, Header = closing, Link = elsewhere, Span = marked })
end

-- Quarto has numbered and resolved everything when it runs the filter (at pre-render).
local function blocks_of(content)
  return pandoc.utils.type(content) == "Blocks" and content or pandoc.Blocks({ content })
end

local function quarto_float(float)
  local kind = kind_of(float.identifier)
  if not kind or not float.order then return nil end
  numbers[float.identifier] = float.order.order
  local caption, content = float.caption_long.content, blocks_of(float.content)
  if kind == "tbl" then
    content:insert(pandoc.Para(caption))
    return table_float(pandoc.Div(content, pandoc.Attr(float.identifier, float.classes or {})))
  end
  if typst then return nil end
  local image = content[1].content[1]
  local alt = image.attributes.alt or float.attributes["fig-alt"] or float.attributes.alt
  image.attributes.alt = nil
  if alt then image.caption = { pandoc.Str(alt) } end
  if alt and html then image.attributes.alt = alt end
  local drawn = pandoc.Figure({ pandoc.Plain({ image }) }, {}, pandoc.Attr(float.identifier))
  drawn.caption.long = { pandoc.Plain(captioned(float.identifier, caption)) }
  return drawn
end

local function quarto_callout(node)
  local title = { title = pandoc.utils.stringify(node.title or "") }
  return callout(pandoc.Div(blocks_of(node.content), pandoc.Attr("", { "callout-" .. node.type }, title)))
end

local function quarto_abstract(div)
  if div.classes:includes("abstract") then return abstract(div) end
end

-- Quarto numbers without the letter of a supplement.
local function quarto_link(link)
  if prefix ~= "" and link.classes:includes("quarto-xref") then
    local text = pandoc.utils.stringify(link.content):gsub("(%d+)$", prefix .. "%1")
    link.content = { pandoc.Str(text) }
    return link
  end
  return elsewhere(link)
end

-- Quarto's spacer between two floats in Word.
local function quarto_spacer(para)
  if docx and pandoc.utils.stringify(para) == " " then return {} end
end

if not quarto then return { { Pandoc = embedded } } end
return {
  { Meta = remember },
  { Para = quarto_spacer, FloatRefTarget = quarto_float, Callout = quarto_callout, Div = quarto_abstract },
  { Header = closing, Link = quarto_link, Span = marked },
}
