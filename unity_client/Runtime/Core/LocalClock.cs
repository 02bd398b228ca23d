using System.Diagnostics;

namespace Transflower.Core
{
    /// <summary>Microseconds of this machine's clock that never jumps; its zero means nothing. Any thread.</summary>
    public static class LocalClock
    {
        private static readonly double MicrosecondsPerTick = 1e6 / Stopwatch.Frequency;

        public static long NowUs => (long)(Stopwatch.GetTimestamp() * MicrosecondsPerTick);
    }
}
