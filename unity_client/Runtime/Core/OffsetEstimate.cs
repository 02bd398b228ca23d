using System;

namespace Transflower.Core
{
    /// <summary>
    /// How far this machine's clock is ahead of the sender's, the quickest way of a datagram included.
    ///
    /// Each frame's arrival minus its time is that plus what the network added. The least of the last three seconds has
    /// nothing added; it is approached smoothly, so that clocks that drift, and another quickest way, move it gently.
    /// </summary>
    public sealed class OffsetEstimate
    {
        private const int NumBuckets = 12;
        private const long BucketUs = 250000;
        private const double SmoothingUs = 500000;
        private readonly double[] _least = new double[NumBuckets];
        private int _bucket;
        private long _bucketEndUs, _lastUs;

        /// <summary>Whether any frame has come.</summary>
        public bool IsKnown { get; private set; }

        /// <summary>The estimate, in microseconds.</summary>
        public double Us { get; private set; }

        public void Reset() => IsKnown = false;

        /// <summary>
        /// Takes in a frame that came at `arrivalUs` and is meant for `timeUs` of the sender's clock.
        /// </summary>
        public void Add(long arrivalUs, long timeUs)
        {
            double offset = arrivalUs - timeUs;
            if (!IsKnown)
            {
                for (int i = 0; i < NumBuckets; i++) _least[i] = double.PositiveInfinity;
                _bucket = 0;
                _bucketEndUs = arrivalUs + BucketUs;
                _least[0] = Us = offset;
                _lastUs = arrivalUs;
                IsKnown = true;
                return;
            }
            if (arrivalUs >= _bucketEndUs)
            {
                _bucket = (_bucket + 1) % NumBuckets;
                _least[_bucket] = double.PositiveInfinity;
                _bucketEndUs = arrivalUs + BucketUs;
            }
            _least[_bucket] = Math.Min(_least[_bucket], offset);
            double least = double.PositiveInfinity;
            for (int i = 0; i < NumBuckets; i++) least = Math.Min(least, _least[i]);
            double passed = Math.Max(0, arrivalUs - _lastUs);
            Us += (least - Us) * (1.0 - Math.Exp(-passed / SmoothingUs));
            _lastUs = arrivalUs;
        }
    }
}
