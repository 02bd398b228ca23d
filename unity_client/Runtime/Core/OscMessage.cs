using System.Text;

namespace Transflower.Core
{
    /// <summary>
    /// One message inside a datagram, as places in its bytes; nothing is copied. Valid while the buffer is.
    /// Only `OscReader` makes them, after it has checked every bound.
    /// </summary>
    public struct OscMessage
    {
        public byte[] Buffer;
        public int AddressStart, AddressLength;

        /// <summary>Type tags without their comma.</summary>
        public int TagsStart, TagsLength;

        /// <summary>Where the first argument begins, and where the message ends.</summary>
        public int ArgumentsStart, End;

        public bool AddressIs(byte[] address) => Osc.AreEqual(Buffer, AddressStart, AddressLength, address);

        public bool AddressStartsWith(byte[] prefix) =>
            AddressLength >= prefix.Length && Osc.AreEqual(Buffer, AddressStart, prefix.Length, prefix);

        public bool TagsAre(byte[] tags) => Osc.AreEqual(Buffer, TagsStart, TagsLength, tags);

        /// <summary>Length of the string argument that begins here.</summary>
        public int StringLength(int start) => Osc.StringLength(Buffer, start, End);

        /// <summary>Where the argument after the string that begins here begins.</summary>
        public int AfterString(int start) => start + Osc.PaddedString(StringLength(start));

        public int Int(int at) => Osc.ReadInt(Buffer, at);

        public long Long(int at) => Osc.ReadLong(Buffer, at);

        public float Float(int at) => Osc.ReadFloat(Buffer, at);

        /// <summary>
        /// Numbers from one tag on, whatever kind of number the sender chose: JavaScript writes 1.0 as an integer,
        /// others send doubles. `at` is where the first of them begins; false, and nothing said of what was written,
        /// when one is no number or is missing.
        /// </summary>
        public bool ReadNumbers(int firstTag, int at, float[] into, int count)
        {
            if (firstTag + count > TagsLength) return false;
            for (int i = 0; i < count; i++)
            {
                switch ((char)Buffer[TagsStart + firstTag + i])
                {
                    case 'f':
                        into[i] = Osc.ReadFloat(Buffer, at);
                        at += 4;
                        break;
                    case 'i':
                        into[i] = Osc.ReadInt(Buffer, at);
                        at += 4;
                        break;
                    case 'd':
                        into[i] = (float)Osc.ReadDouble(Buffer, at);
                        at += 8;
                        break;
                    case 'h':
                        into[i] = Osc.ReadLong(Buffer, at);
                        at += 8;
                        break;
                    default:
                        return false;
                }
            }
            return true;
        }

        /// <summary>Whether the first argument is a string, a symbol included.</summary>
        public bool BeginsWithString => TagsLength > 0 && (Buffer[TagsStart] == (byte)'s' || Buffer[TagsStart] == (byte)'S');

        /// <summary>The address as text; allocates.</summary>
        public string Address => Encoding.UTF8.GetString(Buffer, AddressStart, AddressLength);

        /// <summary>A string argument as text; allocates.</summary>
        public string Text(int start) => Encoding.UTF8.GetString(Buffer, start, StringLength(start));
    }

    /// <summary>Whoever is shown the messages of a datagram.</summary>
    public interface IOscSink
    {
        /// <summary>
        /// Whether a message is what its address promises; unknown addresses are. Must change nothing.
        /// </summary>
        bool Accepts(ref OscMessage message);

        /// <summary>Takes a message that was accepted, with all others of its datagram.</summary>
        void Take(ref OscMessage message);
    }
}
