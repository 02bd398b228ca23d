using System;

namespace Transflower.Core
{
    /// <summary>
    /// The beat at the moment that is shown. Beats are sent for the newest pose, which is shown later by the play-out
    /// delay; this follows the playhead, so that lights flash with the figure and not before it.
    /// </summary>
    public sealed class BeatFollower
    {
        private const double MaxGuessS = 2.0; // without updates the beat goes on for so long
        private const float FadePerSecond = 6f;
        private long _lastWhole = long.MinValue;

        /// <summary>Beats in a bar; the wire counts beats only, so the first beat counted begins a bar.</summary>
        public int BeatsPerBar = 4;

        /// <summary>Beats since the start, with the part of the present one; of no meaning before `IsKnown`.</summary>
        public double Beat { get; private set; }

        /// <summary>Part of the present beat, 0 to 1.</summary>
        public float Phase => (float)(Beat - Math.Floor(Beat));

        public float Bpm { get; private set; }

        public float Confidence { get; private set; }

        public bool IsKnown { get; private set; }

        /// <summary>Loudness, about 0 to 1: rises at once, falls within half a second.</summary>
        public float Energy { get; private set; }

        /// <summary>Whether a beat, and whether a bar, began with the last `Advance`.</summary>
        public bool HasBeat { get; private set; }

        public bool HasBar { get; private set; }

        /// <summary>Goes on to the moment of the sender's clock that is shown now.</summary>
        public void Advance(ref BridgeUpdate latest, double playUs, float passedS)
        {
            HasBeat = HasBar = false;
            float loudness = Bounded(latest.Rms, 0f, 2f);
            Energy = Math.Max(loudness, Energy - Bounded(passedS * FadePerSecond, 0f, 1f) * (Energy - loudness));
            double sinceS = (playUs - latest.BeatTimeUs) * 1e-6;
            float bpm = Bounded(latest.Bpm, 0f, 400f);
            IsKnown = latest.BeatCount != 0 && bpm > 0f && Math.Abs(sinceS) < MaxGuessS;
            if (!IsKnown) return;
            Bpm = bpm;
            Confidence = Bounded(latest.BeatConfidence, 0f, 1f);
            Beat = latest.Beat + sinceS * bpm / 60.0;
            long whole = (long)Math.Floor(Beat);
            // A tracker corrects itself: a beat that is sent twice is one, and after a long way none is made up for.
            if (whole > _lastWhole || whole < _lastWhole - 2)
            {
                HasBeat = _lastWhole != long.MinValue;
                HasBar = HasBeat && whole % Math.Max(1, BeatsPerBar) == 0;
                _lastWhole = whole;
            }
        }

        private static float Bounded(float value, float low, float high) =>
            value >= low ? Math.Min(value, high) : low; // NaN too
    }
}
