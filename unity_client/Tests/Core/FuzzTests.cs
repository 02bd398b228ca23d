using System;
using System.Collections.Generic;
using NUnit.Framework;

namespace Transflower.Core.Tests
{
    /// <summary>Bytes that nobody meant: no exception, no memory, and the dance goes on.</summary>
    [TestFixture]
    public class FuzzTests
    {
        private const int NumLooks = 20;

        private static int NumDatagrams =>
            int.TryParse(Environment.GetEnvironmentVariable("TRANSFLOWER_FUZZ_DATAGRAMS"), out int number) ? number : 1000000;

        [Test]
        public void AMillionMutatedDatagramsDisturbNothing()
        {
            var random = new Random(7);
            var log = new MessageLog();
            var stream = new DanceStream { Monitor = log };
            var pose = new PoseFrame();
            byte[][] skeleton = Wire.Skeleton(Wire.NineteenBones);
            var originals = new List<byte[]>(skeleton);
            originals.Add(Wire.Pose(Wire.NineteenBones, 5, 1000000, 1.0));
            originals.Add(Wire.Pose(HumanBones.Names, 6, 1000000, 1.0));
            originals.AddRange(Wire.Vmc(Wire.NineteenBones, 1.0));
            originals.Add(Wire.Copy(new OscWriter().Begin("/dance/beat", "ffif").Add(0.5f).Add(120f).Add(3).Add(1f)));
            originals.Add(Wire.Copy(new OscWriter().Begin("/dance/status", "si").Add("dancing").Add(3)));
            originals.Add(Wire.Why("silence", "silence: -71 dB, and music begins at -50 dB"));
            originals.Add(Wire.Copy(new OscWriter().Begin("/dance/clock", "sff").Add("audio").Add(120f).Add(1f)));
            var mutated = new byte[2048];
            int taken = 0;
            var memory = new long[NumLooks];
            for (int i = 0; i < NumDatagrams; i++)
            {
                if (i % (NumDatagrams / NumLooks) == 0) memory[i / (NumDatagrams / NumLooks)] = GC.GetTotalMemory(true);
                byte[] original = originals[random.Next(originals.Count)];
                Array.Copy(original, mutated, original.Length);
                int length = random.Next(4) == 0 ? random.Next(original.Length + 1) : original.Length;
                for (int n = 1 + random.Next(8); n > 0; n--) mutated[random.Next(original.Length)] = (byte)random.Next(256);
                long nowUs = i * 100L;
                if (stream.Receive(mutated, length, nowUs)) taken++;
                if (i % 100 != 0) continue;
                if (i % 10000 == 0) // the bridge tells its skeleton once a second
                {
                    foreach (byte[] datagram in skeleton) stream.Receive(datagram, datagram.Length, nowUs);
                }
                byte[] good = Wire.Pose(Wire.NineteenBones, i / 100, nowUs, nowUs * 1e-6);
                Assert.IsTrue(stream.Receive(good, good.Length, nowUs));
                if (stream.Sample(nowUs, 0.01, pose)) AssertIsBody(pose);
                if (i % 10000 == 0) Read(log);
            }
            Assert.LessOrEqual(log.Count, MessageLog.MaxAddresses);
            // Mono's collector keeps what it is not sure of, which is something else at each look. What is kept for good
            // is there at all of them.
            long early = Least(memory, 1, NumLooks / 2), late = Least(memory, NumLooks / 2, NumLooks);
            Console.WriteLine("MEASURED memory: {0} bytes, later {1}; {2}", early, late, string.Join(" ", memory));
            Assert.Less(late - early, 50000);
            Assert.Greater(taken, NumDatagrams / 20);
            Assert.Greater(stream.NumRefused, NumDatagrams / 20);
            AssertDanceGoesOn(stream, skeleton, NumDatagrams * 100L, pose);
        }

        /// <summary>A second later the figure follows a clean stream exactly.</summary>
        private static void AssertDanceGoesOn(DanceStream stream, byte[][] skeleton, long startUs, PoseFrame pose)
        {
            foreach (byte[] datagram in skeleton) stream.Receive(datagram, datagram.Length, startUs);
            for (int i = 0; i < 100; i++)
            {
                long nowUs = startUs + i * 10000L;
                byte[] good = Wire.Pose(Wire.NineteenBones, i, nowUs, i * 0.01);
                Assert.IsTrue(stream.Receive(good, good.Length, nowUs));
                Assert.IsTrue(stream.Sample(nowUs, 0.01, pose));
            }
            Assert.AreEqual(PlayoutState.Playing, stream.Playout.State);
            double seconds = (stream.Playout.PlayUs - startUs) * 1e-6;
            Quat expected = Wire.Rotation(4, seconds); // the head
            Quat found = pose.Rotations[HumanBones.Head];
            Assert.Less(Quat.Angle(expected, new Quat(found.X, -found.Y, -found.Z, found.W)), 0.01f);
        }

        private static long Least(long[] values, int from, int to)
        {
            long least = long.MaxValue;
            for (int i = from; i < to; i++) least = Math.Min(least, values[i]);
            return least;
        }

        private static void Read(MessageLog log)
        {
            for (int i = 0; i < log.Count; i++) Assert.IsNotNull(log.Address(i) + log.Arguments(i));
        }

        private static void AssertIsBody(PoseFrame pose)
        {
            Assert.IsTrue(Osc.IsFinite(pose.HipsPosition.X) && Osc.IsFinite(pose.HipsPosition.Y) && Osc.IsFinite(pose.HipsPosition.Z));
            for (int bone = 0; bone < HumanBones.Count; bone++)
            {
                Quat rotation = pose.Rotations[bone];
                Assert.AreEqual(1f, Quat.Dot(rotation, rotation), 0.01f);
            }
        }
    }
}
