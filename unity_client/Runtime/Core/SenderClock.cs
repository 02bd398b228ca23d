namespace Transflower.Core
{
    /// <summary>
    /// Whether a sender's times are of use. Some clocks stand, run backwards, or count frames or milliseconds; frames
    /// are then meant for when they come. A clock is believed until it is known better.
    /// </summary>
    public sealed class SenderClock
    {
        private const long LeapUs = 5000000, KnownUs = 250000, ChangeUs = 500000, RenewUs = 5000000;
        private const double Slow = 0.5, Fast = 2.0;
        private const int LeapsUntilUseless = 3;
        private bool _hasBegun;
        private long _beginUs, _beginArrivalUs, _lastUs, _lastArrivalUs, _sureSinceUs;
        private int _numLeaps;

        /// <summary>Whether the sender's clock passes about as fast as ours.</summary>
        public bool IsOfUse { get; private set; } = true;

        /// <summary>What a frame that came at `arrivalUs` is meant for, of which its sender says `timeUs`.</summary>
        public long Read(long timeUs, long arrivalUs)
        {
            long step = timeUs - _lastUs, gap = arrivalUs - _lastArrivalUs;
            _lastUs = timeUs;
            _lastArrivalUs = arrivalUs;
            if (!_hasBegun || step < 0 || step > gap + LeapUs) Leap(timeUs, arrivalUs);
            else if (arrivalUs - _beginArrivalUs >= KnownUs) Judge(timeUs, arrivalUs);
            return IsOfUse ? timeUs : arrivalUs;
        }

        /// <summary>One leap is a sender that was started anew; leaps in a row are no clock.</summary>
        private void Leap(long timeUs, long arrivalUs)
        {
            _numLeaps = _hasBegun ? _numLeaps + 1 : 0;
            _hasBegun = true;
            if (_numLeaps >= LeapsUntilUseless) IsOfUse = false;
            Begin(timeUs, arrivalUs);
        }

        private void Begin(long timeUs, long arrivalUs)
        {
            _beginUs = timeUs;
            _beginArrivalUs = _sureSinceUs = arrivalUs;
        }

        /// <summary>Compares how fast both clocks passed; a network that holds its breath changes that for a moment.</summary>
        private void Judge(long timeUs, long arrivalUs)
        {
            double pace = (double)(timeUs - _beginUs) / (arrivalUs - _beginArrivalUs);
            bool isOfUse = pace > Slow && pace < Fast;
            if (isOfUse) _numLeaps = 0;
            if (isOfUse == IsOfUse)
            {
                _sureSinceUs = arrivalUs;
                if (arrivalUs - _beginArrivalUs > RenewUs) Begin(timeUs, arrivalUs);
            }
            else if (arrivalUs - _sureSinceUs > ChangeUs)
            {
                IsOfUse = isOfUse;
                Begin(timeUs, arrivalUs);
            }
        }
    }
}
