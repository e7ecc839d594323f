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

local function u32_of(text)
  local first, second, third, fourth = text:byte(1, 4)
  return first + second * 0x100 + third * 0x10000 + fourth * 0x1000000
end

-- A frame as { text, content, payload, fault }: `content` is payload and CRC-32.
local function read_frame(text)
  local frame = { text = text }
  frame.content = #text <= MAX_FRAME_OCTETS and cobs_decoded(text) or nil
  if not frame.content then
    frame.fault = "not COBS"
  elseif #frame.content <= CRC_OCTETS then
    frame.fault = "no payload"
  else
    frame.payload = frame.content:sub(1, -CRC_OCTETS - 1)
    frame.crc = crc32(frame.payload)
    frame.is_whole = frame.crc == u32_of(frame.content:sub(-CRC_OCTETS))
  end
  return frame
end

-- The octets between delimiters in `octets`, without the empty ones, and what is left at the end.
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
