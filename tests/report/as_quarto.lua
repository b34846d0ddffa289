-- Runs report/filters/manuscript.lua as Quarto does, on nodes as Quarto has them; prints native.
-- pandoc lua as_quarto.lua FILTER FORMAT
quarto, FORMAT = {}, arg[2]
local remember, entry = table.unpack(dofile(arg[1]))
local words = function(text) return pandoc.Inlines({ pandoc.Str(text) }) end
local image = pandoc.Image({}, "figures/a", "", pandoc.Attr("", {}, { alt = "Curves." }))
local rows = "<table><thead><tr><th>Group</th></tr></thead><tbody><tr><td>ND</td></tr></tbody>"
  .. "<tfoot><tr><td>A note.</td></tr></tfoot></table>"

local function float(id, order, content)
  return {
    identifier = id, order = { order = order }, content = content, attributes = {}, classes = {},
    caption_long = pandoc.Plain(words("Caption")),
  }
end

local document = pandoc.Pandoc({}, { keywords = { words("leukaemia"), words("survival") } })
remember.Meta(document.meta)
local abstract = pandoc.Div({ pandoc.Para(words("Text")) }, pandoc.Attr("", { "abstract" }))
local made = {
  figure = entry.FloatRefTarget(float("fig-a", 3, pandoc.Plain({ image }))),
  table = entry.FloatRefTarget(float("tbl-a", 4, pandoc.Blocks({ pandoc.RawBlock("html", rows) }))),
  listing = entry.FloatRefTarget(float("lst-a", 1, pandoc.Para(words("code")))),
  callout = entry.Callout({ type = "warning", title = words("Synthetic"), content = pandoc.Para(words("x")) }),
  abstract = entry.Div(abstract),
  other = entry.Div(pandoc.Div({})),
  spacer = entry.Para(pandoc.Para({ pandoc.Space() })),
  text = entry.Para(pandoc.Para(words("x"))),
}
local shown = {}
for name, element in pairs(made) do
  local blocks = pandoc.utils.type(element) == "Block" and { element } or element
  shown[name] = pandoc.write(pandoc.Pandoc(blocks), "native")
end
print(pandoc.json.encode(shown))
