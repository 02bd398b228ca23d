using System;
using System.Diagnostics;
using NUnit.Framework;

namespace Transflower.Core.Tests
{
    /// <summary>While it dances, nothing is allocated: neither to decode a frame nor to sample a picture.</summary>
    [TestFixture]
    public class AllocationTests
    {
        private const int NumFrames = 2000;
        private static readonly string[] AllBones = HumanBones.Names;

        /// <summary>Decodes and samples prepared frames; microseconds and bytes a frame.</summary>
        private static void Measure(string what, byte[][][] frames, byte[][] before)
        {
            var stream = new DanceStream();
            var pose = new PoseFrame();
            var latest = default(BridgeUpdate);
            foreach (byte[] datagram in before) Assert.IsTrue(stream.Receive(datagram, datagram.Length, 0));
            long allocated = 0, decoding = 0, sampling = 0;
            for (int i = 0; i < frames.Length; i++)
            {
                if (i == frames.Length / 2) // afterwards everything is compiled
                {
                    allocated = GC.GetAllocatedBytesForCurrentThread();
                    decoding = sampling = 0;
                }
                long nowUs = i * 16667L;
                long start = Stopwatch.GetTimestamp();
                foreach (byte[] datagram in frames[i]) stream.Receive(datagram, datagram.Length, nowUs);
                decoding += Stopwatch.GetTimestamp() - start;
                stream.Sample(nowUs + 5000, 0.016667, pose);
                stream.ReadLatest(ref latest);
                sampling += Stopwatch.GetTimestamp() - start;
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            int measured = frames.Length - frames.Length / 2;
            double microseconds = 1e6 / Stopwatch.Frequency / measured;
            Console.WriteLine(
                "MEASURED {0}: {1:F1} us to decode, {2:F1} us to sample, {3} bytes a frame",
                what, decoding * microseconds, (sampling - decoding) * microseconds, allocated / measured);
            Assert.AreEqual(PlayoutState.Playing, stream.Playout.State);
            Assert.Greater(stream.Playout.Statistics.NumTaken, frames.Length - 10);
            Assert.AreEqual(0, allocated);
        }

        private static byte[][][] Frames(Func<int, byte[][]> make)
        {
            var frames = new byte[NumFrames][][];
            for (int i = 0; i < NumFrames; i++) frames[i] = make(i);
            return frames;
        }

        [Test]
        public void OurOwnFramesOf55Bones() => Measure(
            "/dance/pose, 55 bones",
            Frames(i => new[] { Wire.Pose(AllBones, i, i * 16667L, i / 60.0), Beat(i), Wire.Why("waiting", "poses stay away") }),
            Wire.Skeleton(AllBones));

        [Test]
        public void VmcFramesOf55Bones() => Measure(
            "VMC, 55 bones in 5 datagrams", Frames(i => Wire.Vmc(AllBones, i / 60.0)), new byte[0][]);

        private static byte[] Beat(int i) =>
            Wire.Copy(new OscWriter().Begin("/dance/beat", "ffif").Add(0.5f).Add(120f).Add(i / 30).Add(1f));
    }
}
