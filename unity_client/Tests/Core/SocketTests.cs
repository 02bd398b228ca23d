using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using NUnit.Framework;

namespace Transflower.Core.Tests
{
    /// <summary>Real sockets on this machine.</summary>
    [TestFixture]
    public class SocketTests
    {
        /// <summary>Answers pings as the bridge does, and keeps the last control.</summary>
        private sealed class Bridge : IDisposable
        {
            public readonly int Port;
            public byte[] LastControl;
            private readonly UdpClient _socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            private readonly long _aheadUs;

            public Bridge(long aheadUs)
            {
                _aheadUs = aheadUs;
                Port = ((IPEndPoint)_socket.Client.LocalEndPoint).Port;
                new Thread(Answer) { IsBackground = true }.Start();
            }

            public void Dispose() => _socket.Close();

            private void Answer()
            {
                try
                {
                    while (true)
                    {
                        IPEndPoint asker = null;
                        byte[] datagram = _socket.Receive(ref asker);
                        if (datagram[7] != (byte)'p')
                        {
                            LastControl = datagram;
                            continue;
                        }
                        OscWriter writer = new OscWriter().Begin("/dance/pong", "hh");
                        writer.Add(Osc.ReadLong(datagram, 16)).Add(LocalClock.NowUs + _aheadUs);
                        _socket.Send(writer.Buffer, writer.Length, asker);
                    }
                }
                catch (SocketException)
                {
                }
                catch (ObjectDisposedException)
                {
                }
            }
        }

        private static void WaitFor(Func<bool> condition, string what)
        {
            for (int i = 0; i < 6000 && !condition(); i++) Thread.Sleep(10);
            Assert.IsTrue(condition(), what);
        }

        [Test]
        public void DatagramsReachTheStreamAndThePortIsFreeAfterwards()
        {
            for (int turn = 0; turn < 5; turn++)
            {
                var stream = new DanceStream();
                using (var socket = new DanceSocket(stream, Wire.OwnPort, true))
                using (var sender = new UdpClient())
                {
                    sender.Connect(IPAddress.Loopback, socket.Port);
                    foreach (byte[] datagram in Wire.Skeleton(Wire.NineteenBones)) sender.Send(datagram, datagram.Length);
                    byte[] pose = Wire.Pose(Wire.NineteenBones, 0, 0, 0);
                    sender.Send(pose, pose.Length);
                    sender.Send(new byte[0], 0);
                    sender.Send(new byte[60000], 60000);
                    WaitFor(() => stream.NumRefused == 1, "the last datagram is read, and it alone is refused");
                    Assert.AreEqual(21, stream.NumDatagrams);
                    Assert.IsTrue(stream.Sample(LocalClock.NowUs, 0.01, new PoseFrame()));
                }
            }
        }

        [Test]
        public void APortThatIsTakenIsExplained()
        {
            using (var socket = new DanceSocket(new DanceStream(), 0, true))
            {
                var error = Assert.Throws<InvalidOperationException>(() => new DanceSocket(new DanceStream(), socket.Port, true).Dispose());
                StringAssert.Contains("in use by another program", error.Message);
                StringAssert.Contains(socket.Port.ToString(), error.Message);
            }
            Assert.Throws<InvalidOperationException>(() => new DanceSocket(new DanceStream(), 70000).Dispose());
        }

        [Test]
        public void ClosingIsQuick()
        {
            var socket = new DanceSocket(new DanceStream(), 0, true);
            var closing = new Thread(
                () =>
                {
                    socket.Dispose();
                    socket.Dispose();
                }) { IsBackground = true };
            closing.Start();
            Assert.IsTrue(closing.Join(60000), "it waits for a datagram that does not come");
        }

        [Test]
        public void PingsTellTheOffsetOfTheClocks()
        {
            const long AheadUs = 123456789012;
            using (var bridge = new Bridge(AheadUs))
            using (var link = new ControlLink("localhost", bridge.Port))
            {
                WaitFor(
                    () =>
                    {
                        link.Update(LocalClock.NowUs);
                        return link.IsAnswered;
                    },
                    "the bridge answers");
                Assert.AreEqual(-AheadUs, link.OffsetUs, link.RoundTripUs * 0.5 + 1);
                Assert.GreaterOrEqual(link.RoundTripUs, 0);
            }
        }

        [Test]
        public void ControlsLeaveAsTheyAreDocumentedAndWithoutGarbage()
        {
            using (var bridge = new Bridge(0))
            using (var link = new ControlLink("127.0.0.1", bridge.Port))
            {
                link.Send("/dance/control/energy", 0.75f);
                byte[] expected = Wire.Copy(new OscWriter().Begin("/dance/control/energy", "f").Add(0.75f));
                WaitFor(() => bridge.LastControl != null, "the control comes");
                CollectionAssert.AreEqual(expected, bridge.LastControl);
                link.Update(LocalClock.NowUs);
                long nowUs = LocalClock.NowUs;
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 100; i++)
                {
                    link.Send("/dance/control/energy", i * 0.01f);
                    link.Update(nowUs);
                }
                Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
            }
        }

        [Test]
        public void ABridgeThatIsNotThereIsNoError()
        {
            using (var link = new ControlLink("127.0.0.1", Wire.OwnPort))
            {
                for (int i = 0; i < 5; i++)
                {
                    link.Send("/dance/control/panic");
                    link.Update(LocalClock.NowUs);
                    Thread.Sleep(5);
                }
                Assert.IsFalse(link.IsAnswered);
            }
            var error = Assert.Throws<InvalidOperationException>(() => new ControlLink("", 39540).Dispose());
            StringAssert.Contains("no host is named", error.Message);
        }
    }
}
