# Another engine shows the bridge's VMC: it decodes what comes to any free UDP port and poses a Skeleton. It ends with the
# datagram "end" and prints one JSON line: bones by name with how often each came, and for each frame its time, the hips'
# position, and the head's rotation as the Skeleton has them.
extends Node

const PATIENCE_MS = 400000

var udp = PacketPeerUDP.new()
var skeleton = Skeleton.new()
var counts = {}
var frames = []
var seconds = -1.0
var start_ms = 0

func _ready():
	start_ms = OS.get_ticks_msec()
	if udp.listen(0, "127.0.0.1", 1048576) != OK:
		print("no port")
		get_tree().quit(1)
	print("listening")

func _process(_passed):
	var has_ended = OS.get_ticks_msec() - start_ms > PATIENCE_MS
	while udp.get_available_packet_count() > 0:
		var packet = udp.get_packet()
		has_ended = has_ended or packet.get_string_from_ascii() == "end"
		read_packet(packet)
	if has_ended:
		end_frame()
		print(to_json({"engine": Engine.get_version_info()["string"], "bones": counts, "frames": frames}))
		get_tree().quit()

func read_packet(packet):
	if packet.size() < 16 or packet.subarray(0, 6).get_string_from_ascii() != "#bundle":
		return
	var at = 16
	while at + 4 < packet.size():
		var size = whole(packet, at)
		read_message(packet.subarray(at + 4, at + 3 + size))
		at += 4 + size

func read_message(message):
	var address = text(message, 0)
	var tags = text(message, address[1])
	if address[0] == "/VMC/Ext/T" and tags[0] == ",f":
		end_frame()
		seconds = real(message, tags[1])
	elif address[0] == "/VMC/Ext/Bone/Pos" and tags[0] == ",sfffffff":
		var name = text(message, tags[1])
		var v = []
		for i in range(7):
			v.append(real(message, name[1] + 4 * i))
		var bone = skeleton.find_bone(name[0])
		if bone < 0:
			skeleton.add_bone(name[0])
			bone = skeleton.find_bone(name[0])
			counts[name[0]] = 0
		counts[name[0]] += 1
		skeleton.set_bone_pose(bone, Transform(Basis(Quat(v[3], v[4], v[5], v[6])), Vector3(v[0], v[1], v[2])))

func end_frame():
	var head = skeleton.find_bone("Head")
	if seconds < 0 or head < 0:
		return
	var turn = skeleton.get_bone_pose(head).basis.get_rotation_quat()
	var hips = skeleton.get_bone_pose(skeleton.find_bone("Hips")).origin
	frames.append([seconds, hips.x, hips.y, hips.z, turn.x, turn.y, turn.z, turn.w])

func text(bytes, at):
	var end = at
	while bytes[end] != 0:
		end += 1
	return [bytes.subarray(at, end - 1).get_string_from_utf8() if end > at else "", (end + 4) & ~3]

func whole(bytes, at):
	return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]

func real(bytes, at):
	var stream = StreamPeerBuffer.new()
	stream.big_endian = true
	stream.data_array = bytes.subarray(at, at + 3)
	return stream.get_float()
