using System;

namespace Transflower.Core
{
    /// <summary>What a stream is like: rate, loss, order, jitter. Belongs to the thread that samples.</summary>
    public sealed class StreamStatistics
    {
        private const double Keep = 0.99;
        private int _highest = -1;
        private long _lastArrivalUs, _lastTimeUs;
        private double _periodUs, _lossShare;

        /// <summary>
        /// Frames that were taken; that came twice; that came after later ones; that came too late to be seen.
        /// </summary>
        public int NumTaken, NumDuplicates, NumReordered, NumTooLate;

        /// <summary>Frames that never came, by their numbers; 0 for VMC, which has none.</summary>
        public int NumLost;

        /// <summary>How often the stream began anew: another sender, or another clock.</summary>
        public int NumRestarts;

        /// <summary>Frames a second that the sender makes.</summary>
        public double RateHz => _periodUs > 0 ? 1e6 / _periodUs : 0;

        /// <summary>Part of the frames that was lost of late, 0 to 1.</summary>
        public double LossShare => Math.Max(0, _lossShare);

        /// <summary>How unevenly frames come, as in RFC 3550, in milliseconds.</summary>
        public double JitterMs { get; private set; }

        /// <summary>Begins anew with another sender; what was counted stays counted.</summary>
        public void Restart()
        {
            _highest = -1;
            _lastArrivalUs = 0;
            _periodUs = 0;
            NumRestarts++;
        }

        /// <summary>Takes in a frame, in the order of arrival.</summary>
        public void Add(PoseFrame frame)
        {
            NumTaken++;
            int ahead = 1;
            if (frame.Sequence >= 0 && _highest >= 0)
            {
                ahead = (frame.Sequence - _highest) & int.MaxValue;
                if (ahead == 0 || ahead > int.MaxValue / 2)
                {
                    NumReordered++;
                    if (NumLost > 0) NumLost--; // it was counted when a later one came
                    _lossShare -= 1.0 - Keep;
                    return;
                }
                if (ahead <= 1000)
                {
                    NumLost += ahead - 1;
                    for (int i = 1; i < Math.Min(ahead, 100); i++) _lossShare = _lossShare * Keep + 1.0 - Keep;
                    _lossShare *= Keep;
                }
            }
            if (frame.Sequence >= 0) _highest = frame.Sequence;
            if (_lastArrivalUs != 0 && frame.TimeUs > _lastTimeUs && frame.TimeUs - _lastTimeUs < 1000000)
            {
                double period = (double)(frame.TimeUs - _lastTimeUs) / ahead;
                _periodUs = _periodUs == 0 ? period : _periodUs + (period - _periodUs) * 0.05;
                double uneven = (frame.ArrivalUs - _lastArrivalUs) - (double)(frame.TimeUs - _lastTimeUs);
                JitterMs += (Math.Abs(uneven) * 1e-3 - JitterMs) / 16.0;
            }
            _lastArrivalUs = frame.ArrivalUs;
            _lastTimeUs = frame.TimeUs;
        }
    }
}
