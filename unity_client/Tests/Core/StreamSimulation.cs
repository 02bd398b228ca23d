using System;
using System.Collections.Generic;

namespace Transflower.Core.Tests
{
    /// <summary>
    /// A sender, a network and a display in simulated time: frames of a known dance go through delays, loss and order
    /// as set, and are sampled at a display's rate. What was shown is compared with the dance itself.
    /// </summary>
    public sealed class StreamSimulation
    {
        public const long SenderAheadUs = -5000000000; // the sender's clock against ours
        public double FrameHz = 30, DisplayHz = 90;

        /// <summary>By how much the sender's clock runs fast, as a part.</summary>
        public double Drift;

        /// <summary>Delay in milliseconds of the frame that is sent at this second; NaN loses it.</summary>
        public Func<double, double> DelayMs = seconds => 5;

        /// <summary>Milliseconds by which a picture is drawn later than it should be.</summary>
        public Func<double> LateDrawingMs = () => 0;

        /// <summary>What the sender's clock is off by at a second; a step in it is another sender.</summary>
        public Func<double, double> ClockStepS = seconds => 0;

        public readonly PlayoutBuffer Playout = new PlayoutBuffer();
        public readonly List<Shown> Pictures = new List<Shown>();
        private readonly List<KeyValuePair<long, PoseFrame>> _onTheWay = new List<KeyValuePair<long, PoseFrame>>();
        private readonly PoseFrame _pose = new PoseFrame();
        private readonly Quat[] _last = new Quat[HumanBones.Count];
        private Vec3 _lastHips;
        private long _numSent, _numDrawn;
        private bool _hasLast;

        /// <summary>
        /// One picture: when, of which moment, how far from the dance, how far from the last picture.
        /// </summary>
        public struct Shown
        {
            public double Seconds, PlayUs, ErrorRad, StepRad, DanceStepRad, HipsStep;
            public PlayoutState State;
        }

        /// <summary>Goes on until this second of our clock.</summary>
        public void RunUntil(double seconds)
        {
            for (; _numDrawn / DisplayHz < seconds; _numDrawn++)
            {
                double now = _numDrawn / DisplayHz;
                double drawn = now + LateDrawingMs() * 1e-3;
                for (; _numSent / FrameHz <= drawn; _numSent++) Send(_numSent / FrameHz);
                _onTheWay.Sort((a, b) => a.Key.CompareTo(b.Key));
                while (_onTheWay.Count > 0 && _onTheWay[0].Key <= (long)(drawn * 1e6))
                {
                    Playout.Add(_onTheWay[0].Value);
                    _onTheWay.RemoveAt(0);
                }
                if (Playout.Sample((long)(drawn * 1e6), 1.0 / DisplayHz, _pose)) Note(now);
            }
        }

        /// <summary>The largest of something in the pictures between two seconds.</summary>
        public double Largest(double from, double to, Func<Shown, double> what)
        {
            double largest = 0;
            foreach (Shown picture in Pictures)
            {
                if (picture.Seconds >= from && picture.Seconds < to) largest = Math.Max(largest, what(picture));
            }
            return largest;
        }

        /// <summary>Part of the pictures between two seconds that were in this state.</summary>
        public double Share(double from, double to, PlayoutState state)
        {
            int all = 0, found = 0;
            foreach (Shown picture in Pictures)
            {
                if (picture.Seconds < from || picture.Seconds >= to) continue;
                all++;
                if (picture.State == state) found++;
            }
            return found / (double)all;
        }

        private void Send(double seconds)
        {
            double delay = DelayMs(seconds);
            if (double.IsNaN(delay)) return;
            var frame = new PoseFrame();
            frame.Sequence = (int)_numSent;
            frame.TimeUs = SenderAheadUs + (long)((seconds * (1 + Drift) + ClockStepS(seconds)) * 1e6);
            frame.ArrivalUs = (long)((seconds + delay * 1e-3) * 1e6);
            frame.HipsPosition = Wire.Hips(seconds);
            for (int bone = 0; bone < 19; bone++) frame.Set(bone, Wire.Rotation(bone, seconds));
            _onTheWay.Add(new KeyValuePair<long, PoseFrame>(frame.ArrivalUs, frame));
        }

        private void Note(double now)
        {
            var shown = new Shown { Seconds = now, PlayUs = Playout.PlayUs, State = Playout.State };
            double moment = (Playout.PlayUs - SenderAheadUs) * 1e-6 / (1 + Drift) - ClockStepS(now);
            for (int bone = 0; bone < 19; bone++)
            {
                Quat dance = Wire.Rotation(bone, moment);
                shown.ErrorRad = Math.Max(shown.ErrorRad, Quat.Angle(dance, _pose.Rotations[bone]));
                if (_hasLast) shown.StepRad = Math.Max(shown.StepRad, Quat.Angle(_last[bone], _pose.Rotations[bone]));
                shown.DanceStepRad = Math.Max(shown.DanceStepRad, Quat.Angle(dance, Wire.Rotation(bone, moment - 1.0 / DisplayHz)));
                _last[bone] = _pose.Rotations[bone];
            }
            if (_hasLast) shown.HipsStep = (_pose.HipsPosition - _lastHips).Length;
            _lastHips = _pose.HipsPosition;
            _hasLast = true;
            Pictures.Add(shown);
        }
    }
}
