using System;
using System.Text;

namespace Transflower.Core
{
    /// <summary>
    /// The weights of facial expressions that VMC tells: gathered by `/VMC/Ext/Blend/Val`, valid from
    /// `/VMC/Ext/Blend/Apply` on. The first 128 names are kept. One thread writes, any may read.
    /// </summary>
    public sealed class ExpressionTable
    {
        public const int MaxNames = 128;
        private const int MaxNameBytes = 96;
        private readonly object _gate = new object();
        private readonly byte[][] _keys = new byte[MaxNames][];
        private readonly string[] _names = new string[MaxNames];
        private readonly float[] _gathered = new float[MaxNames], _applied = new float[MaxNames];
        private int _count;

        /// <summary>Grows with every `/VMC/Ext/Blend/Apply`.</summary>
        public int Version { get; private set; }

        /// <summary>How many names there are; `Name` and `Weight` take 0 to this, exclusive.</summary>
        public int Count
        {
            get { lock (_gate) return _count; }
        }

        public string Name(int index)
        {
            lock (_gate) return _names[index];
        }

        /// <summary>0 to 1.</summary>
        public float Weight(int index)
        {
            lock (_gate) return _applied[index];
        }

        internal void Set(byte[] buffer, int start, int length, float weight)
        {
            if (!(Math.Abs(weight) < 1e6f) || length <= 0 || length > MaxNameBytes) return; // NaN too
            lock (_gate)
            {
                int index = 0;
                while (index < _count && !Osc.AreEqual(buffer, start, length, _keys[index])) index++;
                if (index == MaxNames) return;
                if (index == _count)
                {
                    _keys[index] = new byte[length];
                    Array.Copy(buffer, start, _keys[index], 0, length);
                    _names[index] = Encoding.UTF8.GetString(buffer, start, length);
                    _count++;
                }
                _gathered[index] = Math.Max(0f, Math.Min(1f, weight));
            }
        }

        internal void Apply()
        {
            lock (_gate)
            {
                Array.Copy(_gathered, _applied, _count);
                Version = unchecked(Version + 1);
            }
        }
    }
}
