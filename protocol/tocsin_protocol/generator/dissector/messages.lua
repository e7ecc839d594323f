-- Messages ----------------------------------------------------------------------------------------

local EPHEMERAL_OCTETS, TAG_OCTETS = 32, 16

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

-- A message of the Noise handshake with an empty payload.
local function show_noise(range, item)
  item:add(fields.ephemeral, range(0, EPHEMERAL_OCTETS))
  item:add(fields.tag, range(EPHEMERAL_OCTETS, TAG_OCTETS))
end

-- The octets of a text or blob, n of them after `offset`; nil when the body ends before.
local function show_octets(spec, tvb, offset, n, tree)
  if offset + n > tvb:len() then
    return nil
  end
  if spec.kind == "text" then
    tree:add_packet_field(spec.shown, tvb(offset, n), ENC_UTF_8)
  else
    local item = tree:add(spec.shown, tvb(offset, n))
    if spec.noise then
      show_noise(tvb(offset, n), item)
    end
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

-- A message `id | request | body`; returns a few words about it.
local function show_message(tvb, tree)
  if tvb:len() < HEADER_OCTETS then
    tree:add_proto_expert_info(faults.field, "too short for id and request")
    return "bad message"
  end
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
