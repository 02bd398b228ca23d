using System;

namespace Transflower.Core
{
    /// <summary>How the pose that was sampled last came about.</summary>
    public enum PlayoutState
    {
        /// <summary>No frame has come yet.</summary>
        Empty = 0,

        /// <summary>Between two frames.</summary>
        Playing = 1,

        /// <summary>After the last frame: gliding on for a moment.</summary>
        Gliding = 2,

        /// <summary>After the last frame: at rest until frames come again.</summary>
        Holding = 3,
    }

    /// <summary>
    /// Plays frames by the sender's clock, so late that nearly all have come in time. One thread's own; nothing is
    /// allocated after it was made.
    ///
    /// The playhead runs with the time that the caller says has passed, up to 5 % faster or slower as long as it is not
    /// where it should be: now, less the offset of the clocks, less the delay that the network needs. When that is more
    /// than a quarter of a second away, it jumps there. A path that changes under the figure is eased into
    /// (`Residual`).
    /// </summary>
    public sealed class PlayoutBuffer
    {
        private const double MaxSlew = 0.05;
        private const double SlewPerSecond = 1.0;
        private const double JumpUs = 250000;
        private const double EarlyUs = 250000, LateUs = 3000000; // further off, a frame is of another clock
        private const int FramesUntilRestart = 3;
        private const double TooLateUs = 250000;      // later, frames are of a stall,
        private const long LateUntilRestartUs = 500000; // unless they all are for so long
        private const double MaxPassedS = 1.0;

        private readonly FrameStore _frames = new FrameStore();
        private readonly OffsetEstimate _offset = new OffsetEstimate();
        private readonly DelayEstimate _delay = new DelayEstimate();
        private readonly Residual _residual = new Residual();
        private readonly PoseFrame _shown = new PoseFrame(), _shownBefore = new PoseFrame();
        private readonly PoseFrame _wanted = new PoseFrame(), _wantedBefore = new PoseFrame();
        private double _playUs, _playedBeforeUs;
        private int _numShown;
        private bool _isStarted, _hasPathChanged;
        private double _strangeOffset;
        private int _numStrange;
        private bool _isCatchingUp, _isLate;
        private long _lateSinceUs;

        /// <summary>What the stream is like.</summary>
        public readonly StreamStatistics Statistics = new StreamStatistics();

        /// <summary>Bounds of the delay in milliseconds, and what is added to the delay that is needed.</summary>
        public double MinDelayMs = 0, MaxDelayMs = 250, ExtraDelayMs = 0;

        public PlayoutState State { get; private set; }

        /// <summary>The moment of the sender's clock that was sampled last, in microseconds.</summary>
        public double PlayUs => _playUs;

        /// <summary>How long after the quickest possible moment frames are played, in milliseconds.</summary>
        public double DelayMs =>
            Math.Max(MinDelayMs, Math.Min(MaxDelayMs, _delay.Us * 1e-3 + ExtraDelayMs));

        /// <summary>This machine's clock minus the sender's, the quickest way included, in microseconds.</summary>
        public double OffsetUs => _offset.Us;

        /// <summary>When the newest frame came, in microseconds of this machine's clock; 0 when none has.</summary>
        public long NewestArrivalUs { get; private set; }

        /// <summary>Forgets the stream; the figure that was shown is eased from, when another begins.</summary>
        public void Reset()
        {
            _frames.Clear();
            _offset.Reset();
            _delay.Reset();
            _isStarted = _isLate = _isCatchingUp = false;
            _numStrange = 0;
            Statistics.Restart();
        }

        /// <summary>Takes in a frame, in the order of arrival.</summary>
        public void Add(PoseFrame frame)
        {
            if (_offset.IsKnown && IsOfAnotherClock(frame)) return;
            double offset = frame.ArrivalUs - frame.TimeUs;
            if (_isStarted && frame.TimeUs < _playUs && _frames.Count > 0 && frame.TimeUs < _frames[0].TimeUs)
            {
                Statistics.NumTooLate++;
                return;
            }
            int place = _frames.Insert(frame);
            if (place < 0)
            {
                Statistics.NumDuplicates++;
                return;
            }
            Statistics.Add(frame);
            _offset.Add(frame.ArrivalUs, frame.TimeUs);
            NewestArrivalUs = Math.Max(NewestArrivalUs, frame.ArrivalUs);
            if (place > 0) NoteDelay(offset - _offset.Us, frame.TimeUs - _frames[place - 1].TimeUs);
            // What is shown changes with this frame if the playhead is beside it; gliding on depends on the last two.
            bool isAfterTheOneBefore = place == 0 || _playUs > _frames[place - 1].TimeUs;
            bool isBeforeTheNext = place >= _frames.Count - 2 || _playUs < _frames[place + 1].TimeUs;
            if (isAfterTheOneBefore && isBeforeTheNext) _hasPathChanged = true;
        }

        /// <summary>
        /// Learns the delay that a frame needed; a stall and the burst after it are no jitter to be ready for.
        /// </summary>
        private void NoteDelay(double lateUs, double gapUs)
        {
            if (lateUs > TooLateUs) _isCatchingUp = true;
            else if (lateUs < DelayMs * 1e3) _isCatchingUp = false;
            if (!_isCatchingUp && gapUs <= FrameStore.GapUs) _delay.Add(lateUs + gapUs);
        }

        /// <summary>The pose for now; false, and nothing is changed, as long as no frame has come.</summary>
        /// <param name="nowUs">This machine's clock.</param>
        /// <param name="passedS">Time since the last call, best that between two pictures.</param>
        /// <param name="pose">Is filled.</param>
        public bool Sample(long nowUs, double passedS, PoseFrame pose)
        {
            if (_frames.Count == 0)
            {
                State = PlayoutState.Empty;
                return false;
            }
            passedS = passedS >= 0.0 ? Math.Min(MaxPassedS, passedS) : 0.0; // NaN too
            double from = _playUs;
            bool hasJumped = Advance(nowUs, passedS);
            _frames.Evaluate(_playUs, _wanted);
            pose.CopyFrom(_wanted);
            if (_numShown > 0)
            {
                if (hasJumped || CrossesGap(from))
                {
                    _residual.Begin(_shown, _wanted, null, null, 0f);
                }
                else
                {
                    if (_hasPathChanged) BeginMoving(from);
                    _residual.Advance((float)passedS);
                }
                _residual.ApplyTo(pose);
            }
            _hasPathChanged = false;
            Remember(pose, from);
            State = _frames.IsBetween(_playUs) ? PlayoutState.Playing : StateAfterLast();
            _frames.ForgetBefore(_playUs);
            return true;
        }

        private bool Advance(long nowUs, double passedS)
        {
            double target = nowUs - _offset.Us - DelayMs * 1e3;
            if (_isStarted)
            {
                double next = _playUs + passedS * 1e6;
                double error = target - next;
                if (Math.Abs(error) <= JumpUs)
                {
                    double slew = Math.Max(-MaxSlew, Math.Min(MaxSlew, error * 1e-6 * SlewPerSecond));
                    _playUs = next + slew * passedS * 1e6;
                    return false;
                }
            }
            _isStarted = true;
            _playUs = target;
            return true;
        }

        /// <summary>Frames whose times make no sense are left out, unless three in a row make the same new sense: then,
        /// or
        /// when all have been late for long, the stream begins anew.</summary>
        private bool IsOfAnotherClock(PoseFrame frame)
        {
            double offset = (double)frame.ArrivalUs - frame.TimeUs;
            double late = offset - _offset.Us;
            if (late > -EarlyUs && late < LateUs)
            {
                _numStrange = 0;
                if (late < TooLateUs || !_isLate) _lateSinceUs = frame.ArrivalUs;
                _isLate = late >= TooLateUs;
                if (frame.ArrivalUs - _lateSinceUs > LateUntilRestartUs) Reset();
                return false;
            }
            _numStrange = _numStrange > 0 && Math.Abs(offset - _strangeOffset) < EarlyUs ? _numStrange + 1 : 1;
            _strangeOffset = offset;
            if (_numStrange < FramesUntilRestart) return true;
            Reset();
            return false;
        }

        /// <summary>Whether a frame was reached on this step to which no path led.</summary>
        private bool CrossesGap(double from)
        {
            int index = _frames.Before(_playUs);
            return index > 0 && _frames[index].TimeUs > from
                && _frames[index].TimeUs - _frames[index - 1].TimeUs > FrameStore.GapUs;
        }

        /// <summary>
        /// Compares the new path with what was shown, now and a step before: so the speed goes on, too.
        /// </summary>
        private void BeginMoving(double from)
        {
            float seconds = _numShown > 1 ? (float)((from - _playedBeforeUs) * 1e-6) : 0f;
            if (seconds <= 0f || seconds > 0.1f) seconds = 0f;
            if (seconds > 0f) _frames.Evaluate(_playedBeforeUs, _wantedBefore);
            _frames.Evaluate(from, _wanted);
            _residual.Begin(_shown, _wanted, _shownBefore, _wantedBefore, seconds);
        }

        private void Remember(PoseFrame pose, double from)
        {
            _shownBefore.CopyFrom(_shown);
            _shown.CopyFrom(pose);
            _playedBeforeUs = from;
            if (_numShown < 2) _numShown++;
        }

        private PlayoutState StateAfterLast()
        {
            int index = _frames.Before(_playUs);
            if (index < 0) return PlayoutState.Holding;
            double sinceUs = _playUs - _frames[index].TimeUs;
            return sinceUs < FrameStore.GlideS * 1e6 ? PlayoutState.Gliding : PlayoutState.Holding;
        }
    }
}
