using System;
using System.Text;

namespace Transflower.Core
{
    /// <summary>
    /// Writes a datagram of OSC 1.0, one message or a bundle, into bytes that are used again and again.
    /// `Begin`, then one `Add` for each type tag; then `Buffer` holds `Length` bytes to send.
    /// </summary>
    public sealed class OscWriter
    {
        private static readonly byte[] BundleHead = Osc.Ascii("#bundle\0\0\0\0\0\0\0\0\u0001"); // timetag: immediately
        private bool _isBundle;
        private int _messageStart;

        public OscWriter(int capacity = 1472)
        {
            Buffer = new byte[capacity];
        }

        public byte[] Buffer { get; private set; }

        /// <summary>Bytes of the datagram so far.</summary>
        public int Length { get; private set; }

        /// <summary>Begins a bundle; messages follow.</summary>
        public OscWriter BeginBundle()
        {
            _isBundle = true;
            Array.Copy(BundleHead, Buffer, BundleHead.Length);
            Length = BundleHead.Length;
            return this;
        }

        /// <summary>Begins a message; outside of a bundle it is the whole datagram.</summary>
        public OscWriter Begin(string address, string tags)
        {
            if (!_isBundle) Length = 0;
            else Length += 4;
            _messageStart = Length;
            Add(address);
            int start = Length;
            Buffer[start] = (byte)',';
            Pad(start, 1 + Encoding.UTF8.GetBytes(tags, 0, tags.Length, Buffer, start + 1));
            Note();
            return this;
        }

        /// <summary>Forgets everything: the next datagram may be a message or a bundle.</summary>
        public OscWriter Clear()
        {
            _isBundle = false;
            Length = 0;
            return this;
        }

        public OscWriter Add(int value)
        {
            Osc.WriteInt(Buffer, Length, value);
            Length += 4;
            Note();
            return this;
        }

        public OscWriter Add(long value)
        {
            Osc.WriteLong(Buffer, Length, value);
            Length += 8;
            Note();
            return this;
        }

        public OscWriter Add(float value)
        {
            Osc.WriteFloat(Buffer, Length, value);
            Length += 4;
            Note();
            return this;
        }

        public OscWriter Add(string text)
        {
            int bytes = Encoding.UTF8.GetBytes(text, 0, text.Length, Buffer, Length);
            Pad(Length, bytes);
            Note();
            return this;
        }

        private void Pad(int start, int bytes)
        {
            int end = start + Osc.PaddedString(bytes);
            for (int i = start + bytes; i < end; i++) Buffer[i] = 0;
            Length = end;
        }

        private void Note()
        {
            if (_isBundle) Osc.WriteInt(Buffer, _messageStart - 4, Length - _messageStart);
        }
    }
}
