using System;

namespace Transflower.Core
{
    /// <summary>
    /// How long after the quickest possible moment frames must be played so that the next one is nearly always there.
    ///
    /// To go on smoothly from one frame, the next must have come. How much later than the former's quickest moment it
    /// came tells in one number what the sender's rate, the network's jitter, and lost frames ask for. A forgetting
    /// histogram keeps these numbers, and the delay is that which 97 % of them need.
    /// </summary>
    public sealed class DelayEstimate
    {
        private const int NumBins = 80;
        private const double BinUs = 4000;
        private const double Share = 0.97;
        private const double Keep = 0.995;
        private const double MarginUs = 2000;
        private const double FirstGuessUs = 60000;
        private readonly double[] _weights = new double[NumBins];
        private double _total;

        /// <summary>The delay that is needed, in microseconds.</summary>
        public double Us { get; private set; } = FirstGuessUs;

        public void Reset()
        {
            Array.Clear(_weights, 0, NumBins);
            _total = 0;
            Us = FirstGuessUs;
        }

        /// <summary>Takes in by how much a frame came after the quickest moment of the one before it.</summary>
        public void Add(double neededUs)
        {
            for (int i = 0; i < NumBins; i++) _weights[i] *= Keep;
            int bin = (int)Math.Max(0, Math.Min(NumBins - 1, neededUs / BinUs));
            _weights[bin] += 1.0;
            _total = _total * Keep + 1.0;
            if (_total < 10.0) return; // too few to tell
            double sum = 0;
            int needed = 0;
            while (needed < NumBins - 1 && (sum += _weights[needed]) < Share * _total) needed++;
            Us = (needed + 1) * BinUs + MarginUs;
        }
    }
}
