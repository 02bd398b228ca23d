using System.Threading;
using NUnit.Framework;

namespace Transflower.Core.Tests
{
    /// <summary>From datagrams on one thread to poses on another.</summary>
    [TestFixture]
    public class DanceStreamTests
    {
        private static readonly string[] Names = Wire.NineteenBones;

        private static void Send(DanceStream stream, byte[][] datagrams, long nowUs)
        {
            foreach (byte[] datagram in datagrams) Assert.IsTrue(stream.Receive(datagram, datagram.Length, nowUs));
        }

        [Test]
        public void WhileTheBridgesOwnPosesComeThoseOfVmcArePassedOver()
        {
            var stream = new DanceStream();
            var pose = new PoseFrame();
            Send(stream, Wire.Skeleton(Names), 0);
            for (int i = 0; i < 60; i++)
            {
                long nowUs = i * 33333L;
                byte[] ours = Wire.Pose(Names, i, nowUs, i / 30.0);
                Send(stream, new[] { ours }, nowUs);
                Send(stream, Wire.Vmc(Names, 1000 + i / 30.0), nowUs);
                stream.Sample(nowUs, 0.033333, pose);
            }
            Assert.AreEqual(60, stream.Playout.Statistics.NumTaken);
            Assert.AreEqual(0, stream.Playout.Statistics.NumRestarts);
            for (int i = 60; i < 150; i++) // the bridge is gone, and somebody else speaks VMC
            {
                long nowUs = i * 33333L;
                Send(stream, Wire.Vmc(Names, 1000 + i / 30.0), nowUs);
                stream.Sample(nowUs, 0.033333, pose);
            }
            Assert.AreEqual(PlayoutState.Playing, stream.Playout.State);
            Assert.AreEqual(1, stream.Playout.Statistics.NumRestarts);
        }

        [Test]
        public void AStreamOfASetProtocolReadsNoOther()
        {
            var ours = new DanceStream(StreamProtocol.Dance);
            var vmc = new DanceStream(StreamProtocol.Vmc);
            for (int i = 0; i < 5; i++)
            {
                Send(ours, Wire.Vmc(Names, i / 30.0), i * 33333L);
                Send(vmc, Wire.Skeleton(Names), i * 33333L);
                Send(vmc, new[] { Wire.Pose(Names, i, i * 33333L, 0) }, i * 33333L);
            }
            Assert.IsFalse(ours.Sample(200000, 0.01, new PoseFrame()));
            Assert.IsFalse(vmc.Sample(200000, 0.01, new PoseFrame()));
        }

        [Test]
        public void WhenNobodySamplesMemoryStaysAndTheDanceGoesOnAfterwards()
        {
            var stream = new DanceStream();
            var pose = new PoseFrame();
            Send(stream, Wire.Skeleton(Names), 0);
            for (int i = 0; i < 3000; i++) Send(stream, new[] { Wire.Pose(Names, i, i * 33333L, i / 30.0) }, i * 33333L);
            Assert.Greater(stream.NumOverflowed, 2800);
            for (int i = 3000; i < 3060; i++)
            {
                Send(stream, new[] { Wire.Pose(Names, i, i * 33333L, i / 30.0) }, i * 33333L);
                Assert.IsTrue(stream.Sample(i * 33333L, 0.033333, pose));
            }
            Assert.AreEqual(PlayoutState.Playing, stream.Playout.State);
        }

        [Test]
        public void FramesCrossThreadsWholeAndInOrder()
        {
            const int NumFrames = 50000;
            var queue = new FrameQueue();
            var writer = new Thread(() =>
            {
                for (int i = 0; i < NumFrames; )
                {
                    PoseFrame frame = queue.Reserve();
                    if (frame == null)
                    {
                        Thread.Yield();
                        continue;
                    }
                    frame.TimeUs = i;
                    frame.HipsPosition = new Vec3(i, i, i);
                    frame.Rotations[54].W = i;
                    queue.Commit();
                    i++;
                }
            });
            writer.Start();
            for (int i = 0; i < NumFrames; )
            {
                PoseFrame frame = queue.Peek();
                if (frame == null)
                {
                    Thread.Yield();
                    continue;
                }
                if (frame.TimeUs != i || frame.HipsPosition.X != i || frame.Rotations[54].W != i) Assert.Fail("torn at " + i);
                queue.Release();
                i++;
            }
            writer.Join();
            Assert.IsNull(queue.Peek());
        }
    }
}
