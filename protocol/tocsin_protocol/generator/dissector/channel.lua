-- Channel -----------------------------------------------------------------------------------------

local CHANNEL_OCTETS, CONNECTION_OCTETS = 4, 4
local DATA, RESET, RESET_ACK, NOTE = 0, 2, 3, 5
local CLEAR, SEALED = 0, 2
local NO_CONNECTION = ("\0"):rep(CONNECTION_OCTETS)

-- Follows one conversation: from the answer to the handshake until a reset all data is sealed. A
-- message from before, sent again because its acknowledgement was lost, is in clear.
local function new_conversation()
  return { is_sealed = false, in_clear = {} }
end

local function form_of(conversation, way, payload)
  if #payload < CHANNEL_OCTETS then
    return CLEAR
  end
  local kind, data = bit.rshift(payload:byte(1), 4), payload:sub(CHANNEL_OCTETS + 1)
  if kind == RESET or (kind == RESET_ACK and data == NO_CONNECTION) then
    conversation.is_sealed, conversation.in_clear = false, {}
  end
  if kind ~= DATA then
    return CLEAR
  end
  local message = way .. payload:sub(1, 2) .. data
  if conversation.is_sealed then
    return conversation.in_clear[message] and CLEAR or SEALED
  end
  conversation.in_clear[message] = true
  conversation.is_sealed = data:byte(1) == HANDSHAKE_ANSWER
  return CLEAR
end

local function show_reset(tvb, tree)
  if tvb:len() ~= CHANNEL_OCTETS + CONNECTION_OCTETS then
    tree:add_proto_expert_info(faults.channel, "the connection's number is not four octets")
    return ""
  end
  local range = tvb(CHANNEL_OCTETS, CONNECTION_OCTETS)
  tree:add_le(fields.connection, range)
  return string.format(" %08x", range:le_uint())
end

local function show_sealed(tvb, tree)
  local size = tvb:len() - TAG_OCTETS
  if size < 0 then
    tree:add_proto_expert_info(faults.channel, "the data is too short to be sealed")
    return " bad data"
  end
  local item = tree:add(fields.sealed, tvb())
  item:append_text(string.format(", %d octets and a tag of %d", size, TAG_OCTETS))
  return string.format(" sealed, %d octets", size)
end

local function show_header(tvb, tree, kind)
  local branch = tree:add(fields.channel, tvb(0, CHANNEL_OCTETS))
  branch:append_text(": " .. KINDS[kind])
  branch:add(fields.kind, tvb(0, 1))
  branch:add(fields.lane, tvb(0, 1))
  branch:add(fields.sequence, tvb(1, 1))
  branch:add(fields.next_normal, tvb(2, 1))
  branch:add(fields.next_urgent, tvb(3, 1))
  return branch
end

local function payload_fault(tvb)
  if tvb:len() < CHANNEL_OCTETS then
    return "too short for a channel header"
  end
  local first = tvb(0, 1):uint()
  local kind, lane = bit.rshift(first, 4), bit.band(first, 0x0F)
  if not KINDS[kind] then
    return "no frames of kind " .. kind
  end
  return not LANES[lane] and "no lane " .. lane or nil
end

-- A frame's payload whose data stands in `form`; returns a few words about it.
local function show_payload(tvb, tree, form)
  local fault = payload_fault(tvb)
  if fault then
    tree:add_proto_expert_info(faults.channel, fault)
    return "bad payload"
  end
  local kind = bit.rshift(tvb(0, 1):uint(), 4)
  local branch = show_header(tvb, tree, kind)
  if kind == RESET or kind == RESET_ACK then
    return KINDS[kind] .. show_reset(tvb, branch)
  end
  if kind ~= DATA and kind ~= NOTE then
    return KINDS[kind]
  end
  local said = kind == NOTE and "note " or ""
  if tvb:len() == CHANNEL_OCTETS then
    tree:add_proto_expert_info(faults.channel, "no data")
    return said .. "no data"
  end
  local data = tvb(CHANNEL_OCTETS):tvb()
  if form == SEALED then
    return KINDS[kind] .. show_sealed(data, tree)
  end
  return said .. show_message(data, tree)
end
