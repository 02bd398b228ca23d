namespace Transflower.Core
{
    /// <summary>
    /// Takes datagrams of OSC 1.0 apart in place: all types of arguments, bundles in bundles, every bound checked.
    /// Nothing is allocated and nothing thrown, whatever the bytes are. Timetags are ignored: all is done at once. One
    /// thread's own.
    /// </summary>
    public sealed class OscReader
    {
        public const int MaxBundleDepth = 4;
        public const int MaxMessages = 1024;
        private const int MaxArrayDepth = 8;
        private static readonly byte[] BundleHead = Osc.Ascii("#bundle\0");
        private readonly OscMessage[] _messages = new OscMessage[MaxMessages];
        private int _numMessages;

        /// <summary>
        /// Shows a sink all messages of a datagram in their order, or none: when any of them is malformed or not
        /// accepted, nothing of the datagram is taken and the answer is false.
        /// </summary>
        public bool Read(byte[] buffer, int length, IOscSink sink)
        {
            _numMessages = 0;
            if (buffer == null || length <= 0 || length > buffer.Length) return false;
            if (!Walk(buffer, 0, length, 0)) return false;
            for (int i = 0; i < _numMessages; i++)
            {
                if (!sink.Accepts(ref _messages[i])) return false;
            }
            for (int i = 0; i < _numMessages; i++) sink.Take(ref _messages[i]);
            return true;
        }

        /// <summary>Notes the messages between two places of the datagram; false when something is malformed.</summary>
        private bool Walk(byte[] buffer, int start, int end, int depth)
        {
            if (end <= start || (end - start) % 4 != 0) return false;
            if (!IsBundle(buffer, start, end))
                return _numMessages < MaxMessages && Parse(buffer, start, end, ref _messages[_numMessages++]);
            if (depth == MaxBundleDepth || end - start < 16) return false;
            int at = start + 16; // head and timetag
            while (at < end)
            {
                if (end - at < 4) return false;
                int size = Osc.ReadInt(buffer, at);
                at += 4;
                if (size <= 0 || size > end - at) return false;
                if (!Walk(buffer, at, at + size, depth + 1)) return false;
                at += size;
            }
            return true;
        }

        private static bool IsBundle(byte[] buffer, int start, int end) =>
            buffer[start] == (byte)'#' && end - start >= 8 && Osc.AreEqual(buffer, start, 8, BundleHead);

        private static bool Parse(byte[] buffer, int start, int end, ref OscMessage message)
        {
            if (buffer[start] != (byte)'/') return false;
            int addressLength = Osc.StringLength(buffer, start, end);
            if (addressLength < 0) return false;
            message.Buffer = buffer;
            message.AddressStart = start;
            message.AddressLength = addressLength;
            message.End = end;
            int at = start + Osc.PaddedString(addressLength);
            if (at == end) // senders of old leave out the tags of a message without arguments
            {
                message.TagsStart = message.ArgumentsStart = at;
                message.TagsLength = 0;
                return true;
            }
            if (at > end || buffer[at] != (byte)',') return false;
            int tagsLength = Osc.StringLength(buffer, at, end);
            if (tagsLength < 0) return false;
            message.TagsStart = at + 1;
            message.TagsLength = tagsLength - 1;
            message.ArgumentsStart = at + Osc.PaddedString(tagsLength);
            return ArgumentsFit(ref message);
        }

        /// <summary>Whether the arguments that the tags announce fill the message exactly.</summary>
        private static bool ArgumentsFit(ref OscMessage message)
        {
            int at = message.ArgumentsStart;
            int arrays = 0;
            for (int i = 0; i < message.TagsLength; i++)
            {
                byte tag = message.Buffer[message.TagsStart + i];
                if (tag == (byte)'[') arrays++;
                if (tag == (byte)']') arrays--;
                if (arrays < 0 || arrays > MaxArrayDepth) return false;
                int size = ArgumentSize(message.Buffer, at, message.End, tag);
                if (size < 0 || size > message.End - at) return false;
                at += size;
            }
            return arrays == 0 && at == message.End;
        }

        /// <summary>Bytes of the argument that begins here, or -1 when it cannot be one.</summary>
        public static int ArgumentSize(byte[] buffer, int at, int end, byte tag)
        {
            switch ((char)tag)
            {
                case 'i': // int32
                case 'f': // float32
                case 'c': // character
                case 'r': // colour
                case 'm': // MIDI
                    return 4;
                case 'h': // int64
                case 'd': // float64
                case 't': // timetag
                    return 8;
                case 's': // string
                case 'S': // symbol
                    int length = Osc.StringLength(buffer, at, end);
                    return length < 0 ? -1 : Osc.PaddedString(length);
                case 'b': // blob
                    if (end - at < 4) return -1;
                    int size = Osc.ReadInt(buffer, at);
                    if (size < 0 || size > end - at - 4) return -1;
                    return 4 + Osc.PaddedBlob(size);
                case 'T':
                case 'F':
                case 'N':
                case 'I':
                case '[':
                case ']':
                    return 0;
                default:
                    return -1;
            }
        }
    }
}
