-- Neovim as a client of the language server, without a screen: opens a page with mistakes, looks at what is told, asks, repairs, looks again.
-- CARAFE=PATH/TO/carafe nvim --headless --clean -l editors/neovim.lua; before Neovim 0.9: -c 'luafile editors/neovim.lua'.

local carafe = os.getenv('CARAFE') or 'carafe'
local root = vim.fn.tempname()

local function write(path, text)
  local whole = root .. '/' .. path
  vim.fn.mkdir(vim.fn.fnamemodify(whole, ':h'), 'p')
  local file = assert(io.open(whole, 'w'))
  file:write(text)
  file:close()
end

local function fail(message)
  io.stderr:write('FAILED: ' .. message .. '\n')
  vim.cmd('cquit 1')
end

local function wait(what, holds)
  if not vim.wait(30000, holds, 20) then
    fail(what .. ' did not come; told: ' .. vim.inspect(vim.diagnostic.get(0)))
  end
end

write('carafe.yml', 'title: T\nvariables: {product: Gateway}\n')
write('includes/note.html', '{% doc %}\nA box.\n@param {string} text - What it says.\n{% enddoc %}\n*{{ include.text }}*')
write('content/index.md', '# Start\n\né𝒳 {% include note.html txt="a" %}\n\n[x](/gone.md)\n\n{{ site.product }}\n')

vim.o.swapfile = false
vim.cmd('edit ' .. root .. '/content/index.md')
local id = vim.lsp.start_client({ name = 'carafe', cmd = { carafe, 'lsp' }, root_dir = root })
vim.lsp.buf_attach_client(0, id)

local function codes()
  local found = {}
  for _, told in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, told.code or told.user_data.lsp.code)
  end
  table.sort(found)
  return table.concat(found, ' ')
end

local function ask(method, line, column)
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(0) },
    position = { line = line - 1, character = column },
  }
  local answers = vim.lsp.buf_request_sync(0, method, params, 30000)
  return answers and answers[id] and answers[id].result
end

wait('findings', function() return codes() == 'broken-link unknown-parameter' end)
-- Neovim counts bytes: the parameter stands behind two bytes of é and four of 𝒳.
for _, told in ipairs(vim.diagnostic.get(0)) do
  if told.lnum == 2 and told.col ~= #'é𝒳 {% include note.html ' then
    fail('the parameter is told at column ' .. told.col)
  end
end

local hover = ask('textDocument/hover', 7, 10)
if not (hover and hover.contents.value:find('Gateway', 1, true)) then
  fail('hover: ' .. vim.inspect(hover))
end
local definition = ask('textDocument/definition', 3, 16)
if not (definition and definition.uri:find('includes/note.html', 1, true)) then
  fail('definition: ' .. vim.inspect(definition))
end

-- Another name for the variable: the client writes it into the text and into the configuration.
local encoding = vim.lsp.get_client_by_id(id).offset_encoding
local renamed = vim.lsp.buf_request_sync(0, 'textDocument/rename', {
  textDocument = { uri = vim.uri_from_bufnr(0) },
  position = { line = 6, character = 10 },
  newName = 'device',
}, 30000)
renamed = renamed and renamed[id] and renamed[id].result
if not renamed then
  fail('rename: ' .. vim.inspect(renamed))
end
vim.lsp.util.apply_workspace_edit(renamed, encoding)
local function text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
end
local config = vim.fn.bufnr(root .. '/carafe.yml')
if not (text(0):find('{{ site.device }}', 1, true) and config > 0 and text(config):find('{device: Gateway}', 1, true)) then
  fail('renamed: ' .. text(0) .. (config > 0 and text(config) or ' and no configuration'))
end
-- The configuration is not written yet: the server is to see it as it is.
vim.lsp.buf_attach_client(config, id)

-- Typed as a person does: the client sends what has changed.
vim.api.nvim_buf_set_lines(0, 2, 5, false, { 'é𝒳 {% include note.html text="a" %}', '' })
wait('the end of the findings', function() return codes() == '' end)
local items = nil
vim.api.nvim_buf_set_lines(0, 2, 3, false, { '{% include note.html te %}' })
wait('a proposal', function()
  local answer = ask('textDocument/completion', 3, 23)
  items = answer and answer.items
  return items and items[1] and items[1].label == 'text'
end)

vim.lsp.stop_client(id)
print('Neovim: findings, hover, definition, rename, completion, edits\n')
vim.cmd('qall!')
