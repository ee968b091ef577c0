import { NATIVE_SERIALIZER, NATIVE_VERSION } from '../../protocol/frames.ts'
import { FRAME_HEADER_BYTES, PAYLOAD_BYTES_MAX } from '../../protocol/limits.ts'

/** What comes before the tables, and what walks them. */

export const head = `-- The protocol of tchat for Wireshark, made by 'tchat dissector'. Put it into the folder of personal
-- Lua plugins (Help, About, Folders), or: tshark -X lua_script:tchat.lua -r FILE
-- It finds tchat on any TCP port by the first bytes, and on port 8000. Of TLS it sees what
-- Wireshark can decrypt.

local HEADER = ${FRAME_HEADER_BYTES}
local PAYLOAD_MAX = ${PAYLOAD_BYTES_MAX}
local MAGIC = 0x12345678
local NATIVE, NATIVE_SERIALIZER = ${NATIVE_VERSION}, ${NATIVE_SERIALIZER}
local CLASSIC, JSON_SERIALIZER = 1, 1
local PORT = 8000`

export const program = `local tchat = Proto("tchat", "tchat")

local serializers = { [1] = "JSON", [2] = "proto3 wire format" }
local commands = {}
for number, packet in pairs(packets) do commands[number] = packet end
for number, message in pairs(messages) do commands[number] = message.name end

local header = {
  magic = ProtoField.uint32("tchat.magic", "Magic", base.HEX),
  version = ProtoField.uint8("tchat.version", "Version"),
  serializer = ProtoField.uint8("tchat.serializer", "Serializer", base.DEC, serializers),
  command = ProtoField.uint8("tchat.command", "Command", base.DEC, commands),
  length = ProtoField.uint32("tchat.length", "Payload bytes"),
}
local unknown = ProtoField.bytes("tchat.unknown", "Unknown field")
local malformed = ProtoExpert.new(
  "tchat.malformed", "Malformed", expert.group.MALFORMED, expert.severity.ERROR
)
local refused = ProtoExpert.new(
  "tchat.refused", "Refused", expert.group.RESPONSE_CODE, expert.severity.NOTE
)

-- One field of Wireshark for each field of a message and a record: tchat.sendGroup.text.

local shown = {}
for _, field in pairs(header) do shown[#shown + 1] = field end
shown[#shown + 1] = unknown

local function field_for(abbreviation, row)
  local name, meaning = row.name, row.meaning
  if row.kind == "uint" then
    return ProtoField.uint64(abbreviation, name, base.DEC, nil, nil, meaning)
  elseif row.kind == "bool" then
    return ProtoField.bool(abbreviation, name, base.NONE, nil, 0, meaning)
  elseif row.kind == "choice" then
    return ProtoField.uint32(abbreviation, name, base.DEC, choices[row.of], nil, meaning)
  elseif row.kind == "text" then
    return ProtoField.string(abbreviation, name, base.UNICODE, meaning)
  end
  return ProtoField.bytes(abbreviation, name, base.NONE, meaning)
end

local function declare(owner, rows)
  for _, row in pairs(rows) do
    row.field = field_for("tchat." .. owner .. "." .. row.name, row)
    shown[#shown + 1] = row.field
  end
end

for name, rows in pairs(records) do declare(name, rows) end
for _, message in pairs(messages) do declare(message.name, message.fields) end

tchat.fields = shown
tchat.experts = { malformed, refused }

-- The proto3 wire format. Numbers go up to 2^53 - 1, which Lua's hold.

-- The number at a place and the place behind it; nothing when it is cut.
local function varint(bytes, at)
  local value, factor = 0, 1
  for index = at, math.min(at + 9, bytes:len() - 1) do
    local byte = bytes(index, 1):uint()
    value = value + (byte % 128) * factor
    if byte < 128 then return value, index + 1 end
    factor = factor * 128
  end
end

-- Beginning and end of a value; nothing when it is cut or of a type that is not used.
local function extent(bytes, at, wire)
  if wire == 0 then
    local _, behind = varint(bytes, at)
    return at, behind
  elseif wire == 1 then
    return at, at + 8
  elseif wire == 2 then
    local length, start = varint(bytes, at)
    return start, length and start + length
  elseif wire == 5 then
    return at, at + 4
  end
end

local walk

local function add_number(tree, row, range, bytes, at)
  local value = varint(bytes, at)
  if row.kind == "uint" then
    tree:add(row.field, range, UInt64.new(value % 2 ^ 32, math.floor(value / 2 ^ 32)))
  elseif row.kind == "bool" then
    tree:add(row.field, range, value ~= 0)
  else
    tree:add(row.field, range, value % 2 ^ 32)
  end
end

local function add_value(tree, row, bytes, tag_at, start, behind)
  local range = bytes(tag_at, behind - tag_at)
  if row.kind == "record" then
    local branch = tree:add(row.field, range)
    branch:set_text(row.name .. ": " .. row.of)
    walk(branch, records[row.of], bytes(start, behind - start):tvb())
  elseif row.kind == "text" then
    tree:add(row.field, range, behind > start and bytes(start, behind - start):string(ENC_UTF_8) or "")
  elseif behind > start then
    tree:add(row.field, bytes(start, behind - start))
  else
    tree:add(row.field, range):set_text(row.name .. ": empty")
  end
end

local NUMBERS = { uint = true, bool = true, choice = true }

walk = function(tree, rows, bytes)
  local at = 0
  while at < bytes:len() do
    local tag, value_at = varint(bytes, at)
    local wire = tag and tag % 8
    local start, behind
    if tag then start, behind = extent(bytes, value_at, wire) end
    if not behind or behind > bytes:len() then
      tree:add_proto_expert_info(malformed, "a field breaks the wire format")
      return
    end
    local row = rows[math.floor(tag / 8)]
    local range = bytes(at, behind - at)
    if row and wire == 0 and NUMBERS[row.kind] then
      add_number(tree, row, range, bytes, start)
    elseif row and wire == 2 and not NUMBERS[row.kind] then
      add_value(tree, row, bytes, at, start, behind)
    else
      tree:add(unknown, range):prepend_text("field " .. math.floor(tag / 8) .. " of wire type " .. wire .. ": ")
    end
    at = behind
  end
end

-- Why a request was refused, or a connection closed, for the list of packets.
local function code_in(payload)
  local at = 0
  while at < payload:len() do
    local tag, value_at = varint(payload, at)
    if not tag then return end
    local start, behind = extent(payload, value_at, tag % 8)
    if not behind then return end
    if tag == 16 then return (varint(payload, start)) end
    at = behind
  end
end

-- Frames.

local function is_frame(bytes)
  if bytes:len() < 6 or bytes(0, 4):uint() ~= MAGIC then return false end
  local version, serializer = bytes(4, 1):uint(), bytes(5, 1):uint()
  return (version == NATIVE and serializer == NATIVE_SERIALIZER)
    or (version == CLASSIC and serializer == JSON_SERIALIZER)
end

local function native_payload(branch, command, payload)
  local message = messages[command]
  if not message then
    branch:add_proto_expert_info(malformed, "a command that this dissector does not know")
    return
  end
  branch:append_text(" (" .. message.from .. "): " .. message.meaning)
  if payload then walk(branch, message.fields, payload) end
  local code = payload and (message.name == "error" or message.name == "goodbye") and code_in(payload)
  if code then
    branch:add_proto_expert_info(refused, (choices.ErrorCode[code] or code) .. ": " .. (meanings[code] or ""))
  end
  return code and " " .. (choices.ErrorCode[code] or code)
end

local json = Dissector.get("json")

local function add_header(branch, bytes)
  branch:add(header.magic, bytes(0, 4))
  branch:add(header.version, bytes(4, 1))
  branch:add(header.serializer, bytes(5, 1))
  branch:add(header.command, bytes(6, 1))
  branch:add(header.length, bytes(7, 4))
end

local function dissect_frame(bytes, info, tree)
  if not is_frame(bytes) or bytes:len() < HEADER then
    tree:add(tchat, bytes()):add_proto_expert_info(malformed, "no frame of tchat begins here")
    return bytes:len()
  end
  local native = bytes(4, 1):uint() == NATIVE
  local command = bytes(6, 1):uint()
  local row = native and messages[command]
  local name = row and row.name or not native and packets[command] or "command " .. command
  local branch = tree:add(tchat, bytes(), "tchat " .. bytes(4, 1):uint() .. ", " .. name)
  add_header(branch, bytes)
  if bytes(7, 4):uint() > PAYLOAD_MAX then
    branch:add_proto_expert_info(malformed, "the length is beyond a frame's")
    return bytes:len()
  end
  local payload = bytes:len() > HEADER and bytes(HEADER):tvb() or nil
  local more
  if native then
    more = native_payload(branch, command, payload)
  elseif payload and json then
    json:call(payload, info, branch)
  end
  info.cols.protocol = "tchat"
  info.cols.info:append(" " .. name .. (more or ""))
  return bytes:len()
end

-- How long the frame is whose header this is. What is none is taken as a whole, and said to be.
local function frame_length(bytes, _, offset)
  local header_bytes = bytes(offset, HEADER):tvb()
  local length = header_bytes(7, 4):uint()
  if not is_frame(header_bytes) or length > PAYLOAD_MAX then return bytes:len() - offset end
  return HEADER + length
end

function tchat.dissector(bytes, info, tree)
  info.cols.protocol = "tchat"
  info.cols.info:clear()
  dissect_tcp_pdus(bytes, tree, HEADER, frame_length, dissect_frame)
  return bytes:len()
end

-- On any port, by the first bytes; the whole connection is tchat's then.
local function recognise(bytes, info, tree)
  if not is_frame(bytes) then return false end
  info.conversation = tchat
  tchat.dissector(bytes, info, tree)
  return true
end

tchat:register_heuristic("tcp", recognise)
pcall(function() tchat:register_heuristic("tls", recognise) end)
DissectorTable.get("tcp.port"):add(PORT, tchat)
pcall(function() DissectorTable.get("tls.port"):add(PORT, tchat) end)`
