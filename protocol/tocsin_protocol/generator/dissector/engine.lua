-- Fields ------------------------------------------------------------------------------------------

local tocsin = Proto("tocsin", "Tocsin")

local INTEGERS = {
  u8 = { make = ProtoField.uint8, octets = 1 },
  u16 = { make = ProtoField.uint16, octets = 2 },
  u32 = { make = ProtoField.uint32, octets = 4 },
  i32 = { make = ProtoField.int32, octets = 4, signed = true },
}
local OCTETS = { text = ProtoField.string, blob = ProtoField.bytes, octets = ProtoField.bytes }

local id_names = {}
for id, message in pairs(messages) do
  id_names[id] = message.name
end

local fields = {
  frame = ProtoField.bytes("tocsin.frame", "frame"),
  crc = ProtoField.uint32("tocsin.crc", "crc", base.HEX),
  id = ProtoField.uint8("tocsin.id", "id", base.HEX, id_names),
  request = ProtoField.uint8("tocsin.request", "request"),
  more = ProtoField.bytes("tocsin.more", "of a newer version"),
}
local faults = {
  frame = ProtoExpert.new("tocsin.bad_frame", "not a frame", expert.group.CHECKSUM, expert.severity.ERROR),
  field = ProtoExpert.new("tocsin.bad_field", "not a field", expert.group.MALFORMED, expert.severity.ERROR),
}

local function add_bits(owner, spec)
  spec.bits = {}
  for mask, name in pairs(names[spec.names]) do
    local path = owner .. "." .. spec.name .. "." .. name:lower()
    spec.bits[#spec.bits + 1] = ProtoField.bool(path, name, 32, nil, mask)
    fields[path] = spec.bits[#spec.bits]
  end
end

-- A field of the tree for every field of a message or record, filtered as tocsin.<owner>.<field>.
local function add_fields(name, specs)
  local owner = "tocsin." .. name:lower()
  for _, spec in ipairs(specs) do
    local path = owner .. "." .. spec.name
    if spec.kind == "flags" then
      spec.shown = ProtoField.uint32(path, spec.name, base.HEX)
      add_bits(owner, spec)
    elseif INTEGERS[spec.kind] then
      spec.shown = INTEGERS[spec.kind].make(path, spec.name, base.DEC, names[spec.names])
    elseif OCTETS[spec.kind] then
      spec.shown = OCTETS[spec.kind](path, spec.name)
    else
      spec.shown = ProtoField.none(path, spec.name)
    end
    fields[path] = spec.shown
  end
end

for _, message in pairs(messages) do
  add_fields(message.name, message.fields)
end
for name, specs in pairs(records) do
  add_fields(name, specs)
end

-- What a code means, as a field of its own: tocsin.stage == 1 finds a stage wherever it is told.
local code_fields = {}
for _, kinds in pairs(codes) do
  for _, name in pairs(kinds) do
    if not code_fields[name] then
      code_fields[name] = ProtoField.uint8("tocsin." .. name:lower(), name, base.DEC, names[name])
      fields[name] = code_fields[name]
    end
  end
end

tocsin.fields = fields
tocsin.experts = faults

-- Frames: COBS (Cheshire and Baker 1999) around payload and CRC-32 (ISO 3309) ---------------------

local bit = bit or bit32
local CRC_OCTETS = 4
local DELIMITER = "\0"

local crc_table = {}
for octet = 0, 255 do
  local crc = octet
  for _ = 1, 8 do
    local half = bit.rshift(crc, 1)
    crc = crc % 2 == 1 and bit.bxor(half, 0xEDB88320) or half
  end
  crc_table[octet] = crc
end

local function crc32(text)
  local crc = 0xFFFFFFFF
  for place = 1, #text do
    local index = bit.band(bit.bxor(crc, text:byte(place)), 0xFF)
    crc = bit.bxor(crc_table[index], bit.rshift(crc, 8))
  end
  return bit.bxor(crc, 0xFFFFFFFF) % 0x100000000
end

local function cobs_decoded(frame)
  local parts, place = {}, 1
  while place <= #frame do
    local code = frame:byte(place)
    local stop = place + code - 1
    if stop > #frame then
      return nil
    end
    parts[#parts + 1] = frame:sub(place + 1, stop)
    if code < 255 and stop < #frame then
      parts[#parts + 1] = DELIMITER
    end
    place = stop + 1
  end
  return table.concat(parts)
end

-- Messages ----------------------------------------------------------------------------------------

local function integer_at(tvb, offset, kind)
  local range = tvb(offset, kind.octets)
  return kind.signed and range:le_int() or range:le_uint(), range
end

local function show_integer(spec, tvb, offset, tree, values)
  local kind = INTEGERS[spec.kind] or INTEGERS.u32
  if tvb:len() - offset < kind.octets then
    return nil
  end
  local value, range = integer_at(tvb, offset, kind)
  local item = tree:add_le(spec.shown, range)
  for _, each in ipairs(spec.bits or {}) do
    item:add_le(each, range)
  end
  local of = spec.code and codes[spec.code_names][values[spec.code]]
  if of then
    item:add(code_fields[of], range)
    spec.said = of .. " " .. (names[of][value] or value)
  end
  if spec.minimum and (value < spec.minimum or value > spec.maximum) then
    item:add_proto_expert_info(faults.field, "must be " .. spec.minimum .. " to " .. spec.maximum)
  end
  values[spec.name] = value
  return offset + kind.octets
end

local show_fields

local function show_array(spec, tvb, offset, tree)
  local count = tvb(offset, 1):uint()
  local branch = tree:add(spec.shown, tvb(offset))
  branch:append_text(": " .. count)
  local place = offset + 1
  for _ = 1, count do
    local entry = branch:add(tvb(math.min(place, tvb:len() - 1)), spec.of)
    place = show_fields(records[spec.of], tvb, place, entry)
    if not place then
      return nil
    end
  end
  branch:set_len(place - offset)
  return place
end

-- The octets of a text or blob, n of them after `offset`; nil when the body ends before.
local function show_octets(spec, tvb, offset, n, tree)
  if offset + n > tvb:len() then
    return nil
  end
  if spec.kind == "text" then
    tree:add_packet_field(spec.shown, tvb(offset, n), ENC_UTF_8)
  else
    tree:add(spec.shown, tvb(offset, n))
  end
  return offset + n
end

local function show_field(spec, tvb, offset, tree, values)
  if INTEGERS[spec.kind] or spec.kind == "flags" then
    return show_integer(spec, tvb, offset, tree, values)
  end
  if spec.kind == "octets" then
    return show_octets(spec, tvb, offset, spec.size, tree)
  end
  local length_octets = spec.wide and 2 or 1
  if offset + length_octets > tvb:len() then
    return nil
  end
  local length, stop = tvb(offset, length_octets):le_uint(), nil
  if spec.kind == "array" then
    stop = show_array(spec, tvb, offset, tree)
  else
    stop = show_octets(spec, tvb, offset + length_octets, length, tree)
  end
  if length > spec.limit then
    tree:add_proto_expert_info(faults.field, spec.name .. " is longer than " .. spec.limit)
  end
  return stop
end

-- Where the fields end, or nil after telling which one is cut off.
show_fields = function(specs, tvb, offset, tree)
  local values = {}
  for _, spec in ipairs(specs) do
    if spec.tail and offset == tvb:len() then
      return offset -- an older peer's
    end
    local stop = show_field(spec, tvb, offset, tree, values)
    if not stop then
      tree:add_proto_expert_info(faults.field, spec.name .. " is cut off")
      return nil
    end
    offset = stop
  end
  return offset
end

local function summary_of(message)
  local words = { message.name }
  for _, spec in ipairs(message.fields) do
    words[#words + 1] = spec.said
    spec.said = nil
  end
  return table.concat(words, " ")
end

local function show_message(tvb, tree)
  local id = tvb(0, 1):uint()
  local id_item = tree:add(fields.id, tvb(0, 1))
  tree:add(fields.request, tvb(1, 1))
  local message = messages[id]
  if not message then
    id_item:add_proto_expert_info(faults.field, "unknown id")
    return string.format("unknown 0x%02X", id)
  end
  local stop = show_fields(message.fields, tvb, HEADER_OCTETS, tree)
  if stop and stop < tvb:len() then
    tree:add(fields.more, tvb(stop))
  end
  return summary_of(message)
end

-- Packets -----------------------------------------------------------------------------------------

local function show_payload(frame, content, tree)
  local payload = content:sub(1, -CRC_OCTETS - 1)
  local tvb = ByteArray.new(content, true):tvb("Tocsin payload")
  local crc = tree:add_le(fields.crc, tvb(#payload, CRC_OCTETS))
  if crc32(payload) ~= tvb(#payload, CRC_OCTETS):le_uint() then
    crc:add_proto_expert_info(faults.frame, string.format("the payload's is 0x%08x", crc32(payload)))
    return "bad CRC"
  end
  if #payload < HEADER_OCTETS then
    tree:add_proto_expert_info(faults.frame, "too short for id and request")
    return "bad frame"
  end
  return show_message(tvb(0, #payload):tvb(), tree)
end

local function show_frame(frame, source, root)
  local tree = root:add(tocsin, source)
  local content = #frame <= MAX_FRAME_OCTETS and cobs_decoded(frame)
  local said = "bad frame"
  if not content or #content <= CRC_OCTETS then
    tree:add(fields.frame, ByteArray.new(frame, true):tvb("Tocsin frame")())
    tree:add_proto_expert_info(faults.frame, content and "no payload" or "not COBS")
  else
    said = show_payload(frame, content, tree)
  end
  tree:append_text(", " .. said)
  return said
end

-- The frames that end in `octets`, without the empty ones, and what is left after the last.
local function cut(octets)
  local found, start = {}, 1
  while true do
    local stop = octets:find(DELIMITER, start, true)
    if not stop then
      return found, octets:sub(start)
    end
    if stop > start then
      found[#found + 1] = { text = octets:sub(start, stop - 1), offset = start - 1 }
    end
    start = stop + 1
  end
end

-- A captured line has no transport to join its packets: the rest of each direction waits here, and
-- what every packet completed is kept, for packets are shown again in any order.
local rests, completed = {}, {}

function tocsin.init()
  rests, completed = {}, {}
end

local function frames_of_line(pinfo, tvb)
  if not completed[pinfo.number] then
    local way = pinfo.p2p_dir
    completed[pinfo.number], rests[way] = cut((rests[way] or "") .. tvb:raw())
    rests[way] = rests[way]:sub(1, MAX_FRAME_OCTETS + 1)
  end
  return completed[pinfo.number]
end

local function frames_of_segment(pinfo, tvb)
  local found, rest = cut(tvb:raw())
  if #rest > 0 then
    pinfo.desegment_offset = tvb:len() - #rest
    pinfo.desegment_len = DESEGMENT_ONE_MORE_SEGMENT
  end
  return found
end

function tocsin.dissector(tvb, pinfo, root)
  local is_segment = pinfo.can_desegment > 0
  local found = (is_segment and frames_of_segment or frames_of_line)(pinfo, tvb)
  local said = {}
  for _, frame in ipairs(found) do
    local source = is_segment and tvb(frame.offset, #frame.text + 1) or tvb()
    said[#said + 1] = show_frame(frame.text, source, root)
  end
  pinfo.cols.protocol = "Tocsin"
  pinfo.cols.info = #said > 0 and table.concat(said, ", ") or "part of a frame"
  return tvb:len()
end

DissectorTable.get("wtap_encap"):add((wtap_encaps or wtap).USER0, tocsin)
DissectorTable.get("tcp.port"):add_for_decode_as(tocsin)
