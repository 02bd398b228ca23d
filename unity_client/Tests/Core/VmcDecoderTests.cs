using System;
using NUnit.Framework;

namespace Transflower.Core.Tests
{
    /// <summary>VMC frames are put together whole or not at all, whoever sends them.</summary>
    [TestFixture]
    public class VmcDecoderTests
    {
        private const double Hz = 60;
        private KeepingOutput _output;
        private VmcDecoder _decoder;

        [SetUp]
        public void Begin()
        {
            _output = new KeepingOutput();
            _decoder = new VmcDecoder(_output);
        }

        private void Send(byte[] datagram, double seconds)
        {
            _decoder.ArrivalUs = (long)(seconds * 1e6);
            Assert.IsTrue(new OscReader().Read(datagram, datagram.Length, _decoder));
        }

        /// <summary>
        /// Sends frames, 0.1 ms between datagrams, except those for which `isLost(frame, datagram)` holds.
        /// </summary>
        private void Send(int first, int count, bool timeLeads, Func<int, int, bool> isLost, string[] names)
        {
            for (int frame = first; frame < first + count; frame++)
            {
                byte[][] datagrams = Wire.Vmc(names, frame / Hz, timeLeads);
                for (int i = 0; i < datagrams.Length; i++)
                {
                    if (isLost == null || !isLost(frame, i)) Send(datagrams[i], frame / Hz + i * 1e-4);
                }
            }
        }

        /// <summary>Every frame has all bones, of its own moment.</summary>
        private void AssertWholeFrames(int from = 0)
        {
            for (int i = from; i < _output.Frames.Count; i++)
            {
                PoseFrame frame = _output.Frames[i];
                for (int index = 0; index < Wire.NineteenBones.Length; index++)
                {
                    int bone = Array.IndexOf(HumanBones.Names, Wire.NineteenBones[index]);
                    Assert.IsTrue(frame.Has(bone));
                    float apart = Quat.Angle(Wire.Rotation(index, frame.TimeUs * 1e-6), frame.Rotations[bone]);
                    Assert.Less(apart, 1e-3f, "frame " + i + " is torn at " + Wire.NineteenBones[index]);
                }
            }
        }

        [Test]
        public void FramesWhoseTimeLeadsComeWhole()
        {
            Send(0, 100, true, null, Wire.NineteenBones);
            Assert.AreEqual(99, _output.Frames.Count); // the first tells which bones there are
            AssertWholeFrames();
        }

        [Test]
        public void FramesWhoseTimeComesLastComeWholeOnceThatIsLearned()
        {
            Send(0, 100, false, null, Wire.NineteenBones);
            Assert.Greater(_output.Frames.Count, 90);
            AssertWholeFrames(5);
        }

        [Test]
        public void LostDatagramsCostTheirFramesAndTearNone()
        {
            var random = new Random(1);
            Send(0, 1000, true, (frame, datagram) => frame > 10 && random.Next(100) < 2, Wire.NineteenBones);
            Assert.Greater(_output.Frames.Count, 880);
            Assert.Less(_output.Frames.Count, 990);
            Assert.Greater(_output.NumIncomplete, 10);
            AssertWholeFrames();
        }

        [Test]
        public void TheFirstFrameMayHaveLostAPart()
        {
            Send(0, 50, true, (frame, datagram) => frame == 0 && datagram == 1, Wire.NineteenBones);
            Assert.Greater(_output.Frames.Count, 45);
            AssertWholeFrames(3);
        }

        [Test]
        public void ASenderMayLeaveBonesOut()
        {
            Send(0, 20, true, null, Wire.NineteenBones);
            var fewer = new[] { "Hips", "Spine", "Head" };
            Send(20, 20, true, null, fewer);
            Assert.AreEqual(3, NumBones(_output.Frames[_output.Frames.Count - 1]));
            Assert.Greater(_output.Frames.Count, 33);
            Send(40, 20, true, null, Wire.NineteenBones);
            Assert.AreEqual(19, NumBones(_output.Frames[_output.Frames.Count - 1]));
        }

        /// <summary>JavaScript writes 1.0 as an integer; the next library writes doubles.</summary>
        [Test]
        public void EveryKindOfNumberIsRead()
        {
            foreach (char kind in "ihd")
            {
                Begin();
                AssertIsRead(kind);
            }
        }

        private void AssertIsRead(char kind)
        {
            string tags = new string(kind, 7);
            for (int frame = 0; frame < 10; frame++)
            {
                OscWriter writer = new OscWriter(4096).BeginBundle();
                Whole(writer.Begin("/VMC/Ext/T", "" + kind), kind, frame);
                Whole(writer.Begin("/VMC/Ext/Root/Pos", "s" + tags).Add("root"), kind, 0, 0, 0, 0, 0, 0, 1);
                Whole(writer.Begin("/VMC/Ext/Bone/Pos", "s" + tags).Add("Hips"), kind, 0, 1 + frame, 0, 0, 0, 0, 1);
                Whole(writer.Begin("/VMC/Ext/Bone/Pos", "s" + tags).Add("spine"), kind, 0, 0, 0, 0, 1, 0, 0); // as in VRM files
                Whole(writer.Begin("/VMC/Ext/Blend/Val", "s" + kind).Add("Joy"), kind, 1);
                writer.Begin("/VMC/Ext/Blend/Apply", "");
                Send(Wire.Copy(writer), frame);
            }
            Assert.AreEqual(9, _output.Frames.Count);
            PoseFrame last = _output.Frames[8];
            Assert.AreEqual(9000000, last.TimeUs);
            Assert.AreEqual(10f, last.HipsPosition.Y);
            Assert.AreEqual(1f, last.Rotations[Array.IndexOf(HumanBones.Names, "Spine")].Y);
            Assert.AreEqual(1f, _decoder.Expressions.Weight(0));
        }

        private static void Whole(OscWriter writer, char kind, params int[] numbers)
        {
            foreach (int number in numbers)
            {
                if (kind == 'i') writer.Add(number);
                else if (kind == 'h') writer.Add((long)number);
                else writer.Add(BitConverter.DoubleToInt64Bits(number));
            }
        }

        /// <summary>A clock that stands, counts frames or milliseconds, or runs backwards: frames play as they come.</summary>
        [Test]
        public void AClockThatTellsNoTimeIsLeftOut([Values(0.0, 30.0, 1000.0, -1.0, 1.0)] double pace)
        {
            var clock = new SenderClock();
            long last = 0;
            for (int frame = 0; frame < 120; frame++)
            {
                long arrivalUs = 1000000 + frame * 33333L;
                last = clock.Read((long)(frame * 33333 * pace), arrivalUs) - arrivalUs;
                if (frame > 30 && pace != 1.0) Assert.AreEqual(0, last);
            }
            Assert.AreEqual(pace == 1.0, clock.IsOfUse);
            clock.Read(0, 6000000); // a sender that was started anew is believed, ...
            Assert.AreEqual(pace == 1.0, clock.IsOfUse);
            for (int frame = 0; frame < 120; frame++) clock.Read(frame * 33333L, 6000000 + frame * 33333L);
            Assert.IsTrue(clock.IsOfUse); // ... and one that tells the time again, too
        }

        [Test]
        public void AClockIsBelievedThroughAStallAndTheBurstAfterIt()
        {
            var clock = new SenderClock();
            for (int frame = 0; frame < 300; frame++)
            {
                bool isHeld = frame > 60 && frame < 120;
                clock.Read(frame * 33333L, (isHeld ? 120 : frame) * 33333L);
                Assert.IsTrue(clock.IsOfUse);
            }
        }

        [Test]
        public void WhatIsNoNumberIsRefused()
        {
            foreach (string tags in new[] { "ss", "sT", "s", "f", "sff" })
            {
                OscWriter writer = new OscWriter().Begin("/VMC/Ext/Blend/Val", tags);
                foreach (char tag in tags)
                {
                    if (tag == 's') writer.Add("Joy");
                    if (tag == 'f') writer.Add(1f);
                }
                byte[] datagram = Wire.Copy(writer);
                Assert.IsFalse(new OscReader().Read(datagram, datagram.Length, _decoder), tags);
            }
        }

        [Test]
        public void SendersWithoutTimeAreTimedByArrival()
        {
            Send(0, 50, true, (frame, datagram) => datagram == 0, Wire.NineteenBones);
            Assert.Greater(_output.Frames.Count, 45);
            Assert.AreEqual(1e6 / Hz, _output.Frames[30].TimeUs - _output.Frames[29].TimeUs, 300);
        }

        [Test]
        public void ARootThatTurnsTurnsTheHips()
        {
            Quat quarter = Quat.FromRotationVector(new Vec3(0f, (float)Math.PI / 2, 0f));
            for (int frame = 0; frame < 3; frame++)
            {
                OscWriter writer = new OscWriter().BeginBundle();
                writer.Begin("/VMC/Ext/T", "f").Add(frame / (float)Hz);
                writer.Begin("/VMC/Ext/Root/Pos", "sfffffff").Add("root").Add(1f).Add(0f).Add(0f)
                    .Add(quarter.X).Add(quarter.Y).Add(quarter.Z).Add(quarter.W);
                writer.Begin("/VMC/Ext/Bone/Pos", "sfffffff").Add("Hips").Add(0f).Add(1f).Add(2f).Add(0f).Add(0f).Add(0f).Add(1f);
                Send(Wire.Copy(writer), frame / Hz);
            }
            PoseFrame last = _output.Frames[_output.Frames.Count - 1];
            Assert.AreEqual(3f, last.HipsPosition.X, 1e-5f); // +Z is turned to +X
            Assert.AreEqual(1f, last.HipsPosition.Y, 1e-5f);
            Assert.AreEqual(0f, Quat.Angle(quarter, last.Rotations[HumanBones.Hips]), 1e-5f);
        }

        private static int NumBones(PoseFrame frame)
        {
            int number = 0;
            for (int bone = 0; bone < HumanBones.Count; bone++) number += frame.Has(bone) ? 1 : 0;
            return number;
        }
    }
}
