-- Fields ------------------------------------------------------------------------------------------

local tocsin = Proto("tocsin", "Tocsin")
local tocsin_trace = Proto("tocsin_trace", "Tocsin trace")

local INTEGERS = {
  u8 = { make = ProtoField.uint8, octets = 1 },
  u16 = { make = ProtoField.uint16, octets = 2 },
  u32 = { make = ProtoField.uint32, octets = 4 },
  i32 = { make = ProtoField.int32, octets = 4, signed = true },
}
local OCTETS = { text = ProtoField.string, blob = ProtoField.bytes, octets = ProtoField.bytes }

local KINDS = {
  [0] = "data",
  [1] = "ack",
  [2] = "reset",
  [3] = "reset ack",
  [4] = "reject",
  [5] = "note",
}
local LANES = { [0] = "normal", [1] = "urgent" }
local WAYS = { [1] = "to the host", [2] = "to the handset" }
local FORMS = { [0] = "in clear", [1] = "sealed, opened here", [2] = "sealed" }

local id_names = {}
for id, message in pairs(messages) do
  id_names[id] = message.name
end

local fields = {
  frame = ProtoField.bytes("tocsin.frame", "frame"),
  crc = ProtoField.uint32("tocsin.crc", "crc", base.HEX),
  channel = ProtoField.none("tocsin.channel", "channel"),
  kind = ProtoField.uint8("tocsin.channel.kind", "kind", base.DEC, KINDS, 0xF0),
  lane = ProtoField.uint8("tocsin.channel.lane", "lane", base.DEC, LANES, 0x0F),
  sequence = ProtoField.uint8("tocsin.channel.sequence", "sequence"),
  next_normal = ProtoField.uint8("tocsin.channel.next_normal", "next on the normal lane"),
  next_urgent = ProtoField.uint8("tocsin.channel.next_urgent", "next on the urgent lane"),
  connection = ProtoField.uint32("tocsin.channel.connection", "connection", base.HEX),
  sealed = ProtoField.bytes("tocsin.sealed", "sealed message"),
  ephemeral = ProtoField.bytes("tocsin.noise.ephemeral", "ephemeral public key"),
  tag = ProtoField.bytes("tocsin.noise.tag", "authentication tag"),
  id = ProtoField.uint8("tocsin.id", "id", base.HEX, id_names),
  request = ProtoField.uint8("tocsin.request", "request"),
  more = ProtoField.bytes("tocsin.more", "of a newer version"),
}
local trace_fields = {
  version = ProtoField.uint8("tocsin_trace.version", "version"),
  way = ProtoField.uint8("tocsin_trace.way", "way", base.DEC, WAYS),
  form = ProtoField.uint8("tocsin_trace.form", "form", base.DEC, FORMS),
  redacted = ProtoField.bool("tocsin_trace.redacted", "secrets are left out"),
}
local faults = {
  frame = ProtoExpert.new("tocsin.bad_frame", "not a frame", expert.group.CHECKSUM, expert.severity.ERROR),
  channel = ProtoExpert.new("tocsin.bad_channel", "not of the channel", expert.group.MALFORMED, expert.severity.ERROR),
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
tocsin_trace.fields = trace_fields
