using System.Threading;

namespace Transflower.Core
{
    /// <summary>
    /// Stands in for the package's clock of the same name: time passes only when a test says so. Any thread.
    /// </summary>
    public static class LocalClock
    {
        private static long _nowUs = 1000000;

        public static long NowUs => Interlocked.Read(ref _nowUs);

        public static void Pass(double seconds) => Interlocked.Add(ref _nowUs, (long)(seconds * 1e6));
    }
}
