using System;
using System.Globalization;
using System.Text;

namespace Transflower.Core
{
    /// <summary>
    /// What comes in, by address: how often, and the last arguments. For monitors; it costs a little for every message,
    /// so set it as `DanceStream.Monitor` only while somebody looks. The first 64 addresses are kept.
    /// </summary>
    public sealed class MessageLog : IOscSink
    {
        public const int MaxAddresses = 64;
        private const int MaxBytes = 512;
        private readonly object _gate = new object();
        private readonly byte[][] _keys = new byte[MaxAddresses][];
        private readonly string[] _addresses = new string[MaxAddresses];
        private readonly int[] _counts = new int[MaxAddresses];
        private readonly byte[][] _last = new byte[MaxAddresses][];
        private readonly OscMessage[] _messages = new OscMessage[MaxAddresses];
        private int _count;

        /// <summary>How many addresses there are; the other methods take 0 to this, exclusive.</summary>
        public int Count
        {
            get { lock (_gate) return _count; }
        }

        public string Address(int index)
        {
            lock (_gate) return _addresses[index];
        }

        public int NumMessages(int index)
        {
            lock (_gate) return _counts[index];
        }

        public bool Accepts(ref OscMessage message) => true;

        public void Take(ref OscMessage message)
        {
            lock (_gate)
            {
                int index = 0;
                while (index < _count && !message.AddressIs(_keys[index])) index++;
                if (index == MaxAddresses) return;
                if (index == _count)
                {
                    _addresses[index] = message.Address;
                    _keys[index] = new byte[message.AddressLength];
                    Array.Copy(message.Buffer, message.AddressStart, _keys[index], 0, message.AddressLength);
                    _last[index] = new byte[MaxBytes];
                    _count++;
                }
                _counts[index]++;
                Keep(index, ref message);
            }
        }

        /// <summary>The last arguments as text.</summary>
        public string Arguments(int index)
        {
            lock (_gate) return Text(ref _messages[index]);
        }

        private void Keep(int index, ref OscMessage message)
        {
            int start = message.TagsStart, length = Math.Min(message.End - start, MaxBytes);
            Array.Copy(message.Buffer, start, _last[index], 0, length);
            OscMessage kept = message;
            kept.Buffer = _last[index];
            kept.TagsStart = 0;
            kept.ArgumentsStart -= start;
            kept.End = length;
            _messages[index] = kept;
        }

        private static string Text(ref OscMessage message)
        {
            var text = new StringBuilder();
            int at = message.ArgumentsStart;
            for (int i = 0; i < message.TagsLength && at <= message.End; i++)
            {
                byte tag = message.Buffer[message.TagsStart + i];
                if (i > 0) text.Append(' ');
                int size = OscReader.ArgumentSize(message.Buffer, at, message.End, tag);
                if (tag == (byte)'b' && message.End - at >= 4)
                {
                    text.Append(message.Int(at)).Append(" bytes");
                    if (size < 0) break;
                }
                else if (size < 0 || size > message.End - at)
                {
                    text.Append("...");
                    break;
                }
                else
                {
                    Append(text, ref message, at, (char)tag);
                }
                at += size;
            }
            return text.ToString();
        }

        private static void Append(StringBuilder text, ref OscMessage message, int at, char tag)
        {
            CultureInfo plain = CultureInfo.InvariantCulture;
            if ("icrm".IndexOf(tag) >= 0) text.Append(message.Int(at));
            else if ("ht".IndexOf(tag) >= 0) text.Append(message.Long(at));
            else if ("sS".IndexOf(tag) >= 0) text.Append(message.Text(at));
            else if (tag == 'f') text.Append(message.Float(at).ToString("0.###", plain));
            else if (tag == 'd') text.Append(Osc.ReadDouble(message.Buffer, at).ToString("0.######", plain));
            else text.Append(tag);
        }
    }
}
