namespace Transflower.Core
{
    /// <summary>What the bridge tells beside the poses, as it came last; zeros before it came.</summary>
    public struct BridgeUpdate
    {
        /// <summary>
        /// Beats since the start, with the part of the present one, at `BeatTimeUs` of the sender's clock.
        /// </summary>
        public double Beat;

        public long BeatTimeUs;
        public float Bpm, BeatConfidence;

        /// <summary>
        /// Loudness of the sound and of its bands, and how much of an attack there is; each about 0 to 1.
        /// </summary>
        public float Rms, Low, Mid, High, Onset;

        /// <summary>What each stage of the newest poses took in the bridge, in milliseconds.</summary>
        public float CaptureMs, FeaturesMs, ModelMs, SendMs, TotalMs;

        /// <summary>`loading`, `idle`, `dancing`, `frozen`, `waiting`, or another word; null before it came.</summary>
        public string Status;

        /// <summary>
        /// Why the figure does not dance: a word for programs, which may be one that is not known here, and a line for
        /// people that says what helps. Both empty while it dances, null before they came.
        /// </summary>
        public string WhyReason, WhyText;

        /// <summary>When the bridge said so, in microseconds of this machine's clock.</summary>
        public long WhyArrivalUs;

        /// <summary>Deadlines that the bridge has missed since its start.</summary>
        public int DeadlinesMissed;

        /// <summary>Who tells the beat: `audio`, `tap`, `midi`, `link`, or another name; null before it came.</summary>
        public string Clock;

        /// <summary>
        /// How many messages of each kind came, so that a reader sees whether there is something new.
        /// </summary>
        public int BeatCount, LevelsCount, LatencyCount, StatusCount, WhyCount, ClockCount;
    }
}
