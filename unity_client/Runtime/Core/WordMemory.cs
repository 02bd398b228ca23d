using System.Text;

namespace Transflower.Core
{
    /// <summary>The text of a word that comes again and again: a string is made only when the word changes.</summary>
    public sealed class WordMemory
    {
        private const int MaxBytes = 64;
        private readonly byte[] _bytes = new byte[MaxBytes];
        private int _length = -1;
        private string _text;

        /// <summary>These bytes as text; of a longer word the first 64.</summary>
        public string Read(byte[] buffer, int start, int length)
        {
            if (length > MaxBytes) length = MaxBytes;
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
