using System.Text;

namespace Transflower.Core
{
    /// <summary>A text that comes again and again: a string is made only when it changes.</summary>
    public sealed class WordMemory
    {
        private readonly byte[] _bytes;
        private int _length = -1;
        private string _text;

        public WordMemory(int maxBytes = 64)
        {
            _bytes = new byte[maxBytes];
        }

        /// <summary>These bytes as text; of a longer one as many as are remembered.</summary>
        public string Read(byte[] buffer, int start, int length)
        {
            if (length > _bytes.Length) length = _bytes.Length;
            bool isSame = length == _length;
            for (int i = 0; isSame && i < length; i++) isSame = _bytes[i] == buffer[start + i];
            if (isSame) return _text;
            System.Array.Copy(buffer, start, _bytes, 0, length);
            _length = length;
            _text = Encoding.UTF8.GetString(buffer, start, length);
            return _text;
        }
    }
}
