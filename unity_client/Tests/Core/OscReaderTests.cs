using System;
using System.Collections.Generic;
using System.Text;
using NUnit.Framework;

namespace Transflower.Core.Tests
{
    [TestFixture]
    public class OscReaderTests
    {
        /// <summary>Notes the addresses of what it takes, and refuses one of them.</summary>
        private sealed class Sink : IOscSink
        {
            public readonly List<string> Taken = new List<string>();
            public string Refused;

            public bool Accepts(ref OscMessage message) => message.Address != Refused;

            public void Take(ref OscMessage message) => Taken.Add(message.Address);
        }

        private static byte[] Bytes(params object[] parts)
        {
            var bytes = new List<byte>();
            foreach (object part in parts)
            {
                if (part is string text) bytes.AddRange(Encoding.ASCII.GetBytes(text));
                else bytes.AddRange(new[] { (byte)((int)part >> 24), (byte)((int)part >> 16), (byte)((int)part >> 8), (byte)(int)part });
            }
            return bytes.ToArray();
        }

        private static bool Reads(byte[] datagram) => new OscReader().Read(datagram, datagram.Length, new Sink());

        [Test]
        public void AllTypesOfOscArePassedOver()
        {
            byte[] datagram = Bytes(
                "/all\0\0\0\0", ",ifhdtsSbcrmTFNI[ii]\0\0\0\0",
                1, 2, 3, 4, 5, 6, 7, 8, "text\0\0\0\0", "sym\0", 5, "blob.\0\0\0", 65, 0, 0x903c7f, 1, 2);
            Assert.IsTrue(Reads(datagram));
            for (int length = 0; length < datagram.Length; length++)
                Assert.IsFalse(length > 8 && new OscReader().Read(datagram, length, new Sink()), "cut off at " + length);
        }

        [Test]
        public void BundlesAreReadInOrderFourDeepAndNoDeeper()
        {
            byte[] packet = Bytes("/x\0\0", ",\0\0\0");
            for (int depth = 1; depth <= OscReader.MaxBundleDepth; depth++)
            {
                var bundle = new List<byte>(Bytes("#bundle\0", 0, 1, packet.Length));
                bundle.AddRange(packet);
                bundle.AddRange(Bytes(8, "/y\0\0", ",\0\0\0"));
                packet = bundle.ToArray();
                var sink = new Sink();
                Assert.IsTrue(new OscReader().Read(packet, packet.Length, sink));
                Assert.AreEqual("/x" + new StringBuilder().Insert(0, "/y", depth), string.Concat(sink.Taken));
            }
            var tooDeep = new List<byte>(Bytes("#bundle\0", 0, 1, packet.Length));
            tooDeep.AddRange(packet);
            Assert.IsFalse(Reads(tooDeep.ToArray()));
        }

        [Test]
        public void WhenOneMessageIsRefusedNothingOfItsDatagramIsTaken()
        {
            byte[] datagram = Bytes("#bundle\0", 0, 1, 8, "/a\0\0", ",\0\0\0", 8, "/b\0\0", ",\0\0\0");
            var sink = new Sink { Refused = "/b" };
            Assert.IsFalse(new OscReader().Read(datagram, datagram.Length, sink));
            Assert.AreEqual(0, sink.Taken.Count);
        }

        [Test]
        public void SizesThatLieAreRefused()
        {
            Assert.IsFalse(Reads(Bytes("#bundle\0", 0, 1, int.MaxValue, "/a\0\0", ",\0\0\0")));
            Assert.IsFalse(Reads(Bytes("#bundle\0", 0, 1, -8, "/a\0\0", ",\0\0\0")));
            Assert.IsFalse(Reads(Bytes("#bundle\0", 0, 1, 0, "/a\0\0", ",\0\0\0")));
            Assert.IsFalse(Reads(Bytes("/a\0\0", ",b\0\0", int.MaxValue, 0)));
            Assert.IsFalse(Reads(Bytes("/a\0\0", ",b\0\0", int.MinValue, 0)));
            Assert.IsFalse(Reads(Bytes("/a\0\0", ",b\0\0")));
            Assert.IsFalse(Reads(Bytes("/a\0\0", ",]\0\0")));
            Assert.IsFalse(Reads(Bytes("/a\0\0", ",[\0\0")));
            Assert.IsFalse(Reads(Bytes("/a\0\0", ",q\0\0")));
            Assert.IsFalse(Reads(Bytes("/a\0\0", ",\0\0\0", 1)), "bytes after the last argument");
            Assert.IsFalse(Reads(Bytes("a\0\0\0", ",\0\0\0")), "no slash");
            Assert.IsFalse(new OscReader().Read(null, 0, new Sink()));
            Assert.IsFalse(new OscReader().Read(new byte[4], 8, new Sink()));
        }

        [Test]
        public void AMessageWithoutTagsHasNoArguments()
        {
            var sink = new Sink();
            byte[] datagram = Bytes("/VMC/Ext/Blend/Apply\0\0\0\0");
            Assert.IsTrue(new OscReader().Read(datagram, datagram.Length, sink));
            Assert.AreEqual("/VMC/Ext/Blend/Apply", sink.Taken[0]);
        }

        [Test]
        public void NumbersAreReadAsTheyWereWritten()
        {
            var writer = new OscWriter();
            foreach (float value in new[] { 0f, -0f, 1.5f, -1e30f, float.MaxValue, float.Epsilon })
            {
                Osc.WriteFloat(writer.Buffer, 0, value);
                Assert.AreEqual(value, Osc.ReadFloat(writer.Buffer, 0));
            }
            foreach (long value in new[] { 0L, -1L, long.MaxValue, long.MinValue, 1L << 40, -(1L << 33) + 5 })
            {
                Osc.WriteLong(writer.Buffer, 8, value);
                Assert.AreEqual(value, Osc.ReadLong(writer.Buffer, 8));
            }
            Osc.WriteInt(writer.Buffer, 0, 0x40091eb8);
            Osc.WriteInt(writer.Buffer, 4, 0x51eb851f);
            Assert.AreEqual(3.14, Osc.ReadDouble(writer.Buffer, 0));
        }
    }
}
