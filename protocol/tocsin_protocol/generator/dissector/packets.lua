-- Packets -----------------------------------------------------------------------------------------

local function show_frame(frame, source, root)
  local tree = root:add(tocsin, source)
  local said = "bad frame"
  if frame.fault then
    tree:add(fields.frame, ByteArray.new(frame.text, true):tvb("Tocsin frame")())
    tree:add_proto_expert_info(faults.frame, frame.fault)
  else
    local tvb = ByteArray.new(frame.content, true):tvb("Tocsin payload")
    local crc = tree:add_le(fields.crc, tvb(#frame.payload, CRC_OCTETS))
    if frame.is_whole then
      said = show_payload(tvb(0, #frame.payload):tvb(), tree, frame.form)
    else
      crc:add_proto_expert_info(faults.frame, string.format("the payload's is 0x%08x", frame.crc))
      said = "bad CRC"
    end
  end
  tree:append_text(", " .. said)
  return said
end

-- What the packets so far leave behind for the next: the rest of each way of a line, which has no
-- transport to join its packets, and what was said in each conversation. What every packet
-- completed is kept, for packets are shown again in any order.
local rests, conversations, completed = {}, {}, {}

function tocsin.init()
  rests, conversations, completed = {}, {}, {}
end

local function take(conversation, way, found)
  conversations[conversation] = conversations[conversation] or new_conversation()
  for _, each in ipairs(found) do
    each.frame = read_frame(each.text)
    if each.frame.is_whole then
      each.frame.form = form_of(conversations[conversation], way, each.frame.payload)
    end
  end
  return found
end

local function frames_of_line(pinfo, tvb)
  if not completed[pinfo.number] then
    local way, found = tostring(pinfo.p2p_dir), nil
    found, rests[way] = cut((rests[way] or "") .. tvb:raw())
    rests[way] = rests[way]:sub(1, MAX_FRAME_OCTETS + 1)
    completed[pinfo.number] = take("line", way, found)
  end
  return completed[pinfo.number]
end

local function frames_of_segment(pinfo, tvb)
  local here = pinfo.src_port .. "@" .. tostring(pinfo.src)
  local there = pinfo.dst_port .. "@" .. tostring(pinfo.dst)
  local conversation = here < there and here .. there or there .. here
  local place = pinfo.number .. "/" .. tostring(tvb:len())
  local found, rest = cut(tvb:raw())
  if #rest > 0 then
    pinfo.desegment_offset = tvb:len() - #rest
    pinfo.desegment_len = DESEGMENT_ONE_MORE_SEGMENT
  end
  if not completed[place] then
    completed[place] = take(conversation, here, found)
  end
  return completed[place]
end

function tocsin.dissector(tvb, pinfo, root)
  local is_segment = pinfo.can_desegment > 0
  local found = (is_segment and frames_of_segment or frames_of_line)(pinfo, tvb)
  local said = {}
  for _, each in ipairs(found) do
    local source = is_segment and tvb(each.offset, #each.text + 1) or tvb()
    said[#said + 1] = show_frame(each.frame, source, root)
  end
  pinfo.cols.protocol = "Tocsin"
  pinfo.cols.info = #said > 0 and table.concat(said, ", ") or "part of a frame"
  return tvb:len()
end

-- A record of `tocsin trace record`: one frame's payload behind four octets about it.
local TRACE_OCTETS, TRACE_VERSION = 4, 1

function tocsin_trace.dissector(tvb, pinfo, root)
  pinfo.cols.protocol = "Tocsin"
  local head = root:add(tocsin_trace, tvb(0, math.min(TRACE_OCTETS, tvb:len())))
  if tvb:len() <= TRACE_OCTETS or tvb(0, 1):uint() ~= TRACE_VERSION then
    head:add_proto_expert_info(faults.channel, "not a record of version " .. TRACE_VERSION)
    return tvb:len()
  end
  head:add(trace_fields.version, tvb(0, 1))
  head:add(trace_fields.way, tvb(1, 1))
  head:add(trace_fields.form, tvb(2, 1))
  head:add(trace_fields.redacted, tvb(3, 1))
  local tree = root:add(tocsin, tvb(TRACE_OCTETS))
  local said = show_payload(tvb(TRACE_OCTETS):tvb(), tree, tvb(2, 1):uint())
  tree:append_text(", " .. said)
  pinfo.cols.info = (tvb(1, 1):uint() == 2 and "> " or "< ") .. said
  return tvb:len()
end

local encapsulations = DissectorTable.get("wtap_encap")
encapsulations:add((wtap_encaps or wtap).USER0, tocsin)
encapsulations:add((wtap_encaps or wtap).USER1, tocsin_trace)
DissectorTable.get("tcp.port"):add_for_decode_as(tocsin)
