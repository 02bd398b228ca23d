using System.Runtime.InteropServices;

namespace Transflower.Core
{
    /// <summary>
    /// The alphabet of OSC 1.0: big-endian numbers, strings that end with zeros, blocks of four bytes.
    /// </summary>
    public static class Osc
    {
        /// <summary>
        /// A float and an int in the same four bytes; safe code that every compiler of Unity understands.
        /// </summary>
        [StructLayout(LayoutKind.Explicit)]
        private struct Bits32
        {
            [FieldOffset(0)] public int Integer;
            [FieldOffset(0)] public float Real;
        }

        [StructLayout(LayoutKind.Explicit)]
        private struct Bits64
        {
            [FieldOffset(0)] public long Integer;
            [FieldOffset(0)] public double Real;
        }

        public static int ReadInt(byte[] buffer, int at) =>
            (buffer[at] << 24) | (buffer[at + 1] << 16) | (buffer[at + 2] << 8) | buffer[at + 3];

        public static long ReadLong(byte[] buffer, int at) =>
            ((long)ReadInt(buffer, at) << 32) | (uint)ReadInt(buffer, at + 4);

        public static float ReadFloat(byte[] buffer, int at)
        {
            Bits32 bits = default(Bits32);
            bits.Integer = ReadInt(buffer, at);
            return bits.Real;
        }

        public static double ReadDouble(byte[] buffer, int at)
        {
            Bits64 bits = default(Bits64);
            bits.Integer = ReadLong(buffer, at);
            return bits.Real;
        }

        public static void WriteInt(byte[] buffer, int at, int value)
        {
            buffer[at] = (byte)(value >> 24);
            buffer[at + 1] = (byte)(value >> 16);
            buffer[at + 2] = (byte)(value >> 8);
            buffer[at + 3] = (byte)value;
        }

        public static void WriteLong(byte[] buffer, int at, long value)
        {
            WriteInt(buffer, at, (int)(value >> 32));
            WriteInt(buffer, at + 4, (int)value);
        }

        public static void WriteFloat(byte[] buffer, int at, float value)
        {
            Bits32 bits = default(Bits32);
            bits.Real = value;
            WriteInt(buffer, at, bits.Integer);
        }

        /// <summary>How many bytes a string of this length takes, its zeros included.</summary>
        public static int PaddedString(int length) => (length / 4 + 1) * 4;

        /// <summary>How many bytes a blob of this length takes, without the four that tell its length.</summary>
        public static int PaddedBlob(int length) => (length + 3) / 4 * 4;

        /// <summary>
        /// Length of the string that begins here, or -1 when none of its blocks of four bytes ends with a zero before
        /// `end`; from the start to `end` it must be whole blocks.
        /// </summary>
        public static int StringLength(byte[] buffer, int start, int end)
        {
            for (int last = start + 3; last < end; last += 4)
            {
                if (buffer[last] != 0) continue;
                int length = last - start; // the last block holds up to three letters, then zeros
                while (length > last - start - 3 && buffer[start + length - 1] == 0) length--;
                return length;
            }
            return -1;
        }

        /// <summary>Whether these bytes are those of the key.</summary>
        public static bool AreEqual(byte[] buffer, int start, int length, byte[] key)
        {
            if (length != key.Length) return false;
            for (int i = length - 1; i >= 0; i--) // from the end: addresses differ there
            {
                if (buffer[start + i] != key[i]) return false;
            }
            return true;
        }

        /// <summary>The bytes of a text in ASCII, for comparisons; allocates, so call it once.</summary>
        public static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);

        public static bool IsFinite(float value) => value - value == 0f;
    }
}
